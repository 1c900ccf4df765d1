use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{Invitation, UserQuery};
use crate::{
    accounts::{PasswordHash, User},
    error::Result,
    operations::Operation,
    page::{Page, PageRequest},
    values::{Email, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// Stores users and their invitations. Each write is atomic, including its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not
/// respond and with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Lists users, the newest first. Eventually consistent. A page can be short or empty although
    /// more users follow.
    async fn list(
        &self,
        query: &UserQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<User>>;

    /// Reads a user consistently.
    async fn find(&self, id: UserId) -> Result<Option<User>>;

    /// Reads the user with an e-mail address consistently, also one without a password.
    async fn find_by_email(&self, email: &Email) -> Result<Option<User>>;

    /// Reads the existing users among `ids`, in no order. Eventually consistent.
    async fn find_many(&self, ids: &BTreeSet<UserId>) -> Result<Vec<User>>;

    /// Finds an active administrator other than `id`. Eventually consistent.
    async fn find_other_administrator(&self, id: UserId) -> Result<Option<User>>;

    /// Inserts an invited user with the claim on the e-mail address.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if the e-mail address belongs to another user.
    async fn insert_invited(
        &self,
        context: &WriteContext,
        user: &User,
        invitation: &Invitation,
    ) -> Result<()>;

    /// Reads the invitation of a user consistently, also if it has expired.
    async fn find_invitation(&self, id: UserId) -> Result<Option<Invitation>>;

    /// Replaces a user, and the invitation if there is a new one.
    async fn update(
        &self,
        context: &WriteContext,
        update: UserUpdate<'_>,
        invitation: Option<&Invitation>,
    ) -> Result<WriteOutcome>;

    /// Replaces an invited user by an active one with a password, and removes the invitation.
    async fn accept(
        &self,
        context: &WriteContext,
        acceptance: &UserAcceptance<'_>,
    ) -> Result<WriteOutcome>;

    /// Replaces a user by one that is being deleted, releases the e-mail address, and stores the
    /// operation that reassigns the posts to `into`, who must exist.
    async fn begin_deletion(
        &self,
        context: &WriteContext,
        update: UserUpdate<'_>,
        into: &User,
        operation: &Operation,
    ) -> Result<WriteOutcome>;

    /// Removes a user that is being deleted. Does nothing if the user does not exist.
    async fn remove(&self, context: &WriteContext, id: UserId) -> Result<()>;
}

/// A change of a user.
#[derive(Debug, Clone, Copy)]
pub struct UserUpdate<'a> {
    /// The state that the change is based on. The store must still hold it.
    pub before: &'a User,
    /// The next state.
    pub after: &'a User,
    /// Another active administrator, who must still be one.
    pub remaining: Option<&'a User>,
}

/// The acceptance of an invitation.
#[derive(Debug)]
pub struct UserAcceptance<'a> {
    /// The invited user.
    pub before: &'a User,
    /// The active user.
    pub after: &'a User,
    /// Digest of the presented token, which the stored invitation must have.
    pub digest: &'a str,
    /// Hash of the new password.
    pub hash: &'a PasswordHash,
}
