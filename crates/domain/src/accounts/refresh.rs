//! The rotation of refresh tokens.

use std::time::Duration;

use uuid::Uuid;

use super::{Accounts, RefreshToken, SessionEnd, SignedIn};
use crate::{
    access::{RequestContext, RequestSender},
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::{Timestamp, UserId},
};

/// Rotation of a refresh token.
#[derive(Debug, Clone, Copy)]
pub struct Rotation<'a> {
    /// The session.
    pub family: Uuid,
    /// Digest of the presented token.
    pub presented: &'a str,
    /// The part of the presented token that all tokens of the session share, as a digest.
    pub family_digest: &'a str,
    /// Digest of the next token.
    pub next: &'a str,
    /// Current time.
    pub now: Timestamp,
    /// Time without another refresh after which the session ends.
    pub idle: Duration,
    /// The client.
    pub sender: &'a RequestSender,
}

/// Result of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationOutcome {
    /// The token was replaced.
    Rotated {
        /// The user of the session.
        user_id: UserId,
        /// Time of the sign-in.
        signed_in_at: Timestamp,
    },
    /// The session exists with another token: the presented one was used before.
    Reused,
    /// The session does not exist, has expired, was revoked by a new password, or the token is forged.
    Unknown,
}

impl Accounts {
    /// Rotates the refresh token of a session; the presented token becomes invalid.
    ///
    /// A token that was used before ends its session, because it may have been stolen.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn refresh(
        &self,
        request: &RequestContext,
        presented: &RefreshToken,
    ) -> Result<SignedIn> {
        let refused = Error::Unauthenticated(SignInFault::RefreshToken);
        let now = self.clock.now();
        let next = presented.successor(self.entropy.secret());
        let rotation = Rotation {
            family: presented.id(),
            presented: &presented.digest(),
            family_digest: &presented.family_digest(),
            next: &next.digest(),
            now,
            idle: self.lifetime.idle,
            sender: &request.sender,
        };
        let context = self.context(request, None, AuditAction::RefreshSession, now);
        match self.sessions.rotate_session(&context, &rotation).await? {
            RotationOutcome::Rotated {
                user_id,
                signed_in_at,
            } => Ok(SignedIn {
                user_id,
                at: now.not_before(signed_in_at),
                refresh_token: Some(next),
            }),
            RotationOutcome::Reused => {
                let context = self.context(request, None, AuditAction::RevokeSession, now);
                self.sessions
                    .close_session(&context, presented.id(), &SessionEnd::Reused)
                    .await?;
                Err(refused)
            }
            RotationOutcome::Unknown => Err(refused),
        }
    }
}
