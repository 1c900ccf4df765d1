//! The store of sessions.

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Identity, PasswordChange, PasswordProof, Rotation, RotationOutcome, Session, SessionEnd,
};
use crate::{
    error::Result,
    values::{Email, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// Stores sessions. Each write is atomic, including its audit record. All methods have the errors of
/// [`AccountStore`](crate::accounts::AccountStore).
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Sets a password, revokes all tokens issued before the new session, and inserts it. Fails with a
    /// conflict if the password is not the verified one any more.
    async fn change_password(
        &self,
        context: &WriteContext,
        change: &PasswordChange<'_>,
    ) -> Result<WriteOutcome>;

    /// Inserts a session if the password is still the verified one, and replaces the hash if a renewed one is
    /// given. Returns `false` if the password was changed or the user is not active.
    async fn open_session(
        &self,
        context: &WriteContext,
        session: &Session,
        proof: &PasswordProof<'_>,
    ) -> Result<bool>;

    /// Inserts a session of a user who is active and has the identity. Without two factors at the issuer, the user must
    /// have no second factor. Returns `false` otherwise.
    async fn open_linked(
        &self,
        context: &WriteContext,
        session: &Session,
        identity: &Identity,
    ) -> Result<bool>;

    /// Replaces the refresh token of a session, unless the session was revoked or has a cookie.
    async fn rotate_session(
        &self,
        context: &WriteContext,
        rotation: &Rotation<'_>,
    ) -> Result<RotationOutcome>;

    /// Reads a session; the result may be up to five seconds old. A session that this server ended is absent.
    async fn find_session(&self, family: Uuid) -> Result<Option<Session>>;

    /// Records a use of a session with a cookie, unless it has ended or was used since `previous`. Writes no
    /// audit record.
    async fn record_use(&self, used: &Session, previous: Timestamp) -> Result<()>;

    /// Lists the stored sessions of a user, the newest first.
    async fn list_sessions(&self, user: UserId, limit: usize) -> Result<Vec<Session>>;

    /// Removes a session that meets the condition. Returns whether there was one.
    async fn close_session(
        &self,
        context: &WriteContext,
        family: Uuid,
        end: &SessionEnd,
    ) -> Result<bool>;

    /// Revokes all tokens and sessions of a user from before the time of the write.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound).
    async fn revoke_sessions(
        &self,
        context: &WriteContext,
        user: UserId,
        email: &Email,
    ) -> Result<()>;
}
