//! The store of accounts.

use async_trait::async_trait;

use super::{Credentials, PasswordHash, User};
use crate::{
    error::Result,
    values::{Email, Timestamp, UserId},
    writes::WriteContext,
};

/// Stores users. Each write is atomic, including its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not
/// respond and with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Whether there has ever been a user.
    async fn has_founder(&self) -> Result<bool>;

    /// Inserts the first user. Returns `false` and writes nothing if there has ever been a user.
    async fn insert_founder(
        &self,
        context: &WriteContext,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<bool>;

    /// Inserts a user.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if the e-mail address belongs to another user.
    async fn insert_user(
        &self,
        context: &WriteContext,
        user: &User,
        hash: &PasswordHash,
    ) -> Result<()>;

    /// Reads a user; the result may be up to five seconds old.
    async fn find_user(&self, id: UserId) -> Result<Option<User>>;

    /// Reads the credentials of an e-mail address consistently. `None` also if its user was invited
    /// and has no password yet.
    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>>;

    /// Sets a password and revokes all tokens issued before `valid_from`.
    async fn replace_password(
        &self,
        context: &WriteContext,
        email: &Email,
        user: UserId,
        hash: &PasswordHash,
        valid_from: Timestamp,
    ) -> Result<()>;
}
