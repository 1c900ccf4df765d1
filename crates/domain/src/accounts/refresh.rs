//! Refresh tokens and their rotation.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Accounts, SESSION_LIFETIME, SignedIn};
use crate::{
    access::RequestContext,
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::{Timestamp, UserId},
};

/// A refresh token: `<family>.<secret>`. The store keeps only a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: Uuid,
    secret: [u8; 32],
}

impl RefreshToken {
    /// Creates a token of a session.
    #[must_use]
    pub fn new(family: Uuid, secret: [u8; 32]) -> Self {
        Self { family, secret }
    }

    /// Parses a presented token. `None` if it does not have the form of a refresh token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (family, secret) = text.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self {
            family: Uuid::try_parse(family).ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    /// The session that the token belongs to.
    #[must_use]
    pub fn family(&self) -> Uuid {
        self.family
    }

    /// SHA-256 of the secret, in lower-case hexadecimal. A fast digest is sufficient, because the
    /// secret has 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.secret))
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> String {
        format!(
            "{}.{}",
            self.family.simple(),
            URL_SAFE_NO_PAD.encode(self.secret)
        )
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}.…)", self.family.simple())
    }
}

/// Rotation of a refresh token.
#[derive(Debug, Clone, Copy)]
pub struct Rotation<'a> {
    /// The session.
    pub family: Uuid,
    /// Digest of the presented secret.
    pub presented: &'a str,
    /// Digest of the new secret.
    pub next: &'a str,
    /// Current time.
    pub now: Timestamp,
    /// Expiry of the new secret.
    pub expires_at: Timestamp,
}

/// Result of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RotationOutcome {
    /// The secret was replaced.
    Rotated {
        /// The user of the session.
        user_id: UserId,
        /// Time of the sign-in.
        signed_in_at: Timestamp,
    },
    /// The session exists with another secret: the presented one was used before.
    Reused,
    /// The session does not exist, has expired, or was revoked by a new password.
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
        let next = RefreshToken::new(presented.family(), self.entropy.secret());
        let rotation = Rotation {
            family: presented.family(),
            presented: &presented.digest(),
            next: &next.digest(),
            now,
            expires_at: now.after(SESSION_LIFETIME),
        };
        let context = self.context(request, None, AuditAction::RefreshSession, now);
        match self.store.rotate_session(&context, &rotation).await? {
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
                self.store
                    .close_session(&context, presented.family(), None)
                    .await?;
                Err(refused)
            }
            RotationOutcome::Unknown => Err(refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_debug_shows_no_secret() {
        let token = RefreshToken::new(Uuid::from_u128(7), [9; 32]);
        assert_eq!(RefreshToken::parse(&token.expose()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&URL_SAFE_NO_PAD.encode([9; 32])));
        for text in ["", ".", "a.b", "00000000000000000000000000000007.", "é.é"] {
            assert_eq!(RefreshToken::parse(text), None);
        }
    }
}
