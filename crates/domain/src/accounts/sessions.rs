//! Sign-in, sign-out and sessions.

use std::time::Duration;

use uuid::Uuid;

use super::{Accounts, Credentials, RefreshToken};
use crate::{
    access::{Caller, Grant, RequestContext},
    audit_action::AuditAction,
    error::{Error, Result, SignInFault},
    values::{Email, Password, Timestamp, UserId},
};

/// Lifetime of an unused session: 30 days.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// A session: the refresh tokens since one sign-in. Only the latest is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identifies the session in its tokens.
    pub family: Uuid,
    /// The user.
    pub user_id: UserId,
    /// SHA-256 of the current secret, in lower-case hexadecimal.
    pub secret_digest: String,
    /// Time of the sign-in.
    pub created_at: Timestamp,
    /// Expiry, extended by every refresh.
    pub expires_at: Timestamp,
}

/// Result of a sign-in or a refresh.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user_id: UserId,
    /// Issue time of the access token.
    pub at: Timestamp,
    /// Refresh token of the session; `None` if the store is full and keeps no new session.
    pub refresh_token: Option<RefreshToken>,
}

/// Verified content of an access token.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedToken {
    /// The user that the token was issued to.
    pub user_id: UserId,
    /// Issue time in seconds since the Unix epoch.
    pub issued_at: i64,
}

impl Accounts {
    /// Signs in and starts a session. If the disk of the store is full, there is no session and only the
    /// access token is valid.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], whether or not the account exists.
    pub async fn sign_in(
        &self,
        request: &RequestContext,
        email: &Email,
        password: &Password,
    ) -> Result<SignedIn> {
        let credentials = self.store.find_credentials(email).await?;
        let hash = credentials.as_ref().map(|known| &known.password_hash);
        let matches = self.passwords.verify(password, hash).await?;
        let refused = Error::Unauthenticated(SignInFault::Credentials);
        let Some(Credentials {
            user_id,
            password_hash,
            tokens_valid_from,
        }) = credentials.filter(|_| matches)
        else {
            return Err(refused);
        };
        // The password may have been set by a server whose clock is ahead.
        let now = self.clock.now();
        let now = tokens_valid_from.map_or(now, |from| now.not_before(from));
        let refresh_token = RefreshToken::new(self.ids.next(), self.entropy.secret());
        let session = Session {
            family: refresh_token.family(),
            user_id,
            secret_digest: refresh_token.digest(),
            created_at: now,
            expires_at: now.after(SESSION_LIFETIME),
        };
        let context = self.context(request, Some(user_id), AuditAction::SignIn, now);
        let opened = self
            .store
            .open_session(&context, &session, email, &password_hash);
        let refresh_token = match opened.await {
            Ok(true) => Some(refresh_token),
            Ok(false) => return Err(refused),
            // Reading and exporting still work, so people must be able to sign in.
            Err(Error::StorageFull(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(SignedIn {
            user_id,
            at: now,
            refresh_token,
        })
    }

    /// Ends a session. Ending it twice is not an error.
    pub async fn sign_out(&self, request: &RequestContext, presented: &RefreshToken) -> Result<()> {
        let context = self.context(request, None, AuditAction::SignOut, self.clock.now());
        self.store
            .close_session(&context, presented.family(), Some(&presented.digest()))
            .await
    }

    /// Returns the caller of a verified access token, with the user's current role.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the user was removed or disabled, or the token revoked.
    pub async fn authenticate(
        &self,
        token: VerifiedToken,
        request: RequestContext,
    ) -> Result<Caller> {
        let user = self.store.find_user(token.user_id).await?;
        match user {
            Some(user)
                if user.is_active() && token.issued_at >= user.tokens_valid_from.as_seconds() =>
            {
                Ok(Caller {
                    user_id: user.id,
                    role: user.role,
                    grant: Grant::Session,
                    request,
                })
            }
            _ => Err(Error::Unauthenticated(SignInFault::Revoked)),
        }
    }
}
