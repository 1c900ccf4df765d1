//! Ports of accounts: the store and the password hasher.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Credentials, PasswordHash, Rotation, RotationOutcome, Session, User};
use crate::{
    error::Result,
    values::{Email, Password, Timestamp, UserId},
    writes::WriteContext,
};

/// Stores users and sessions. Each write is atomic, including its audit record.
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

    /// Inserts a session if the password is still the verified one and the user is active. Returns
    /// `false` otherwise.
    async fn open_session(
        &self,
        context: &WriteContext,
        session: &Session,
        email: &Email,
        verified: &PasswordHash,
    ) -> Result<bool>;

    /// Replaces the secret of a session, unless the session was revoked.
    async fn rotate_session(
        &self,
        context: &WriteContext,
        rotation: &Rotation<'_>,
    ) -> Result<RotationOutcome>;

    /// Removes a session, if it exists. With `presented`, only if it is the digest of the current
    /// secret.
    async fn close_session(
        &self,
        context: &WriteContext,
        family: Uuid,
        presented: Option<&str>,
    ) -> Result<()>;
}

/// Hashes passwords, on threads that serve no requests, because hashing is slow by design.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password to be set.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) if too many hashes are in progress.
    async fn hash(&self, password: &Password) -> Result<PasswordHash>;

    /// Whether the password matches. Takes equally long without a hash, so that the response
    /// time does not reveal which accounts exist.
    ///
    /// # Errors
    /// As [`hash`](Self::hash).
    async fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<bool>;
}
