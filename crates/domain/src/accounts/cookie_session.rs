//! Sessions of browsers. A cookie holds their secret, which does not change.

use std::time::Duration;

use super::{
    Accounts, Browsing, CookieToken, Session, SessionKind, SignInStep, sessions::is_valid,
};
use crate::{
    access::{Caller, Grant, RequestContext},
    error::{Error, Result, SignInFault},
    values::{Email, Password, Timestamp},
};

/// Time between two records of the use of a cookie.
pub const COOKIE_USE_INTERVAL: Duration = Duration::from_mins(5);

/// A new session with its cookie.
#[derive(Debug, Clone)]
pub struct CookieSession {
    /// The content of the cookie.
    pub token: CookieToken,
    /// Time from the sign-in to the latest end of the session.
    pub longest: Duration,
}

impl Accounts {
    /// Signs in and starts a session with a cookie, unless a code is required.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], whether or not the account exists, and [`Error::TooManyAttempts`].
    pub async fn sign_in_browser(
        &self,
        request: &RequestContext,
        email: &Email,
        password: &Password,
    ) -> Result<SignInStep<CookieSession>> {
        let proven = match self.prove(request, email, password).await? {
            SignInStep::Done(proven) => proven,
            SignInStep::CodeRequired(pending) => return Ok(SignInStep::CodeRequired(pending)),
        };
        let (token, _) = self.start::<Browsing>(request, email, &proven).await?;
        Ok(SignInStep::Done(self.cookie(token)))
    }

    /// Sets a new password, ends every session of the caller and starts a new one with a cookie.
    ///
    /// # Errors
    /// Those of [`Accounts::change_password`].
    pub async fn change_password_in_browser(
        &self,
        caller: &Caller,
        current: &Password,
        new: &Password,
    ) -> Result<CookieSession> {
        let (token, _) = self.replace::<Browsing>(caller, current, new).await?;
        Ok(self.cookie(token))
    }

    /// Returns the caller of a session cookie, with the role that the issuer of the sign-in gave, or else the user's
    /// current role. Records the use, at most every five minutes.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the user was removed or disabled, or the session has ended.
    pub async fn authenticate_cookie(
        &self,
        presented: &CookieToken,
        request: RequestContext,
    ) -> Result<Caller> {
        let ended = || Error::Unauthenticated(SignInFault::Cookie);
        let session = self.sessions.find_session(presented.id()).await?;
        let session = session
            .filter(|session| {
                session.kind == SessionKind::Cookie && presented.has_digest(&session.secret_digest)
            })
            .ok_or_else(ended)?;
        let now = self.clock.now();
        let user = self.store.find_user(session.user_id).await?;
        let user = user
            .filter(|user| user.is_active() && is_valid(&session, user, now))
            .ok_or_else(ended)?;
        if let Some(used) = self.used(&session, &request, now) {
            // The request is served even if the use cannot be recorded, such as with a full disk.
            drop(self.sessions.record_use(&used, session.used_at).await);
        }
        let proof = session.issuer_proof;
        let policy = &self.factor_policy;
        Ok(Caller {
            user_id: user.id,
            role: proof.role.unwrap_or(user.role),
            grant: Grant::Session(Some(session.family)),
            assurance: policy.of_session(&user, session.created_at, proof),
            request,
        })
    }

    /// Returns the session after a use, if the use must be recorded.
    fn used(&self, session: &Session, request: &RequestContext, now: Timestamp) -> Option<Session> {
        let is_due = session.used_at.after(COOKIE_USE_INTERVAL) <= now;
        is_due.then(|| Session {
            used_at: now,
            expires_at: now.after(self.lifetime.idle).min(session.ends_at),
            address: request.sender.address.or(session.address),
            agent: request.sender.agent.clone().or(session.agent.clone()),
            ..session.clone()
        })
    }

    pub(super) fn cookie(&self, token: CookieToken) -> CookieSession {
        CookieSession {
            token,
            longest: self.lifetime.longest,
        }
    }
}
