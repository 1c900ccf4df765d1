//! What accounts need of the outside.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Credentials, PasswordHash, Session, User};
use crate::{
    writes::WriteContext,
    error::Result,
    values::{Email, Password, Timestamp, UserId},
};

/// Keeps users and their sessions. Each writing method is atomic, with its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// True when there ever was a user.
    async fn has_founder(&self) -> Result<bool>;

    /// Adds the very first user. `false`, and nothing is written, when there ever was one.
    async fn insert_founder(&self, context: &WriteContext, user: &User, hash: &PasswordHash) -> Result<bool>;

    /// Adds a user.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when the e-mail address belongs to another user.
    async fn insert_user(&self, context: &WriteContext, user: &User, hash: &PasswordHash) -> Result<()>;

    /// A user as of at most five seconds ago.
    async fn find_user(&self, id: UserId) -> Result<Option<User>>;

    /// What signing in under an e-mail address needs, read consistently.
    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>>;

    /// Sets a new password and makes every token from before `valid_from` worthless.
    async fn replace_password(
        &self,
        context: &WriteContext,
        email: &Email,
        user: UserId,
        hash: &PasswordHash,
        valid_from: Timestamp,
    ) -> Result<()>;

    /// Begins a session, provided that the password is still the one that was verified; `false`
    /// when it was replaced meanwhile.
    async fn open_session(
        &self,
        context: &WriteContext,
        session: &Session,
        email: &Email,
        verified: &PasswordHash,
    ) -> Result<bool>;

    /// Replaces the secret that continues a session, provided that the user's sessions of its time
    /// are still worth something.
    async fn rotate_session(&self, context: &WriteContext, rotation: &Rotation<'_>) -> Result<Rotated>;

    /// Ends a session; one that is over already stays so. With `presented`, only when that is
    /// the digest of the secret that works now.
    async fn close_session(&self, context: &WriteContext, family: Uuid, presented: Option<&str>) -> Result<()>;
}

/// A wish to continue a session.
#[derive(Debug, Clone, Copy)]
pub struct Rotation<'a> {
    /// Which session.
    pub family: Uuid,
    /// The digest of the secret that was presented.
    pub presented: &'a str,
    /// The digest of the secret that shall work from now on.
    pub next: &'a str,
    /// The present moment.
    pub now: Timestamp,
    /// Until when it shall work.
    pub expires_at: Timestamp,
}

/// How a rotation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The session goes on.
    Done {
        /// Whose it is.
        user_id: UserId,
    },
    /// The session is there, and another secret of it works: the presented one was used before.
    Reused,
    /// There is no such session, it has expired, or its user ended it with a new password.
    Unknown,
}

/// Hashes passwords. Slow on purpose, so it runs apart from the threads that serve requests.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password that is to be set.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) when too many are being hashed.
    async fn hash(&self, password: &Password) -> Result<PasswordHash>;

    /// True when the password matches. Takes as long without a hash as with one, so that the
    /// time of an answer does not tell which accounts exist.
    ///
    /// # Errors
    /// As [`hash`](Self::hash).
    async fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<bool>;
}
