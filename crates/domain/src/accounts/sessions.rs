//! Sign-in, sign-out and sessions.

use core::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use super::{
    Accounts, Credentials, FactorProof, GuessTarget, HashTurn, IssuerProof, PasswordHash,
    RefreshToken, Refreshing, SecretToken, SignInStep, User,
    session_kind::{SessionKind, SessionPurpose},
    verification::Claimed,
};
use crate::{
    access::{Caller, Grant, RequestContext},
    audit_action::AuditAction,
    error::{Error, Resource, Result, SignInFault},
    values::{Email, Password, Timestamp, UserId},
    writes::WriteContext,
};

/// Lifetimes of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Time without a refresh after which a session ends.
    pub idle: Duration,
    /// Time after the sign-in at which a session ends.
    pub longest: Duration,
}

impl Default for SessionLifetime {
    /// 30 and 90 days.
    fn default() -> Self {
        const DAY: u64 = 24;
        Self {
            idle: Duration::from_hours(30 * DAY),
            longest: Duration::from_hours(90 * DAY),
        }
    }
}

/// A session: the secrets since one sign-in. Only the latest is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who holds the secret.
    pub kind: SessionKind,
    /// Identifies the session in its tokens.
    pub family: Uuid,
    /// The user.
    pub user_id: UserId,
    /// [`SecretToken::digest`] of the current refresh token, or of the cookie.
    pub secret_digest: String,
    /// [`RefreshToken::family_digest`] of all refresh tokens of the session. Absent in sessions with a
    /// cookie, and in those that were stored before this attribute existed.
    pub family_digest: Option<String>,
    /// Time of the sign-in.
    pub created_at: Timestamp,
    /// Time of the sign-in or the last refresh; of a cookie, the last recorded use.
    pub used_at: Timestamp,
    /// Expiry, extended by every refresh or recorded use up to `ends_at`.
    pub expires_at: Timestamp,
    /// Latest expiry.
    pub ends_at: Timestamp,
    /// Address of the client at the last use, if known.
    pub address: Option<IpAddr>,
    /// What the client said about itself at the last use.
    pub agent: Option<String>,
    /// Role and factors by the issuer. Empty for a sign-in with a password.
    pub issuer_proof: IssuerProof,
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

impl SignedIn {
    /// Id of the session.
    #[must_use]
    pub fn session(&self) -> Option<Uuid> {
        self.refresh_token.as_ref().map(RefreshToken::id)
    }
}

/// A verified password, or the answer of an issuer.
#[derive(Debug)]
pub(super) struct Proven {
    pub(super) known: Credentials,
    /// The hash that replaces the stored one, if its parameters are outdated.
    pub(super) renewed: Option<PasswordHash>,
    /// Start of the session.
    pub(super) at: Timestamp,
    pub(super) issuer_proof: IssuerProof,
}

/// Verified content of an access token.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedToken {
    /// The user that the token was issued to.
    pub user_id: UserId,
    /// Issue time in seconds since the Unix epoch.
    pub issued_at: i64,
    /// The session. Absent in tokens from a time when the store was full.
    pub session: Option<Uuid>,
}

impl Accounts {
    /// Signs in and starts a session, unless a code is required. If the disk of the store is full, there is no
    /// session and only the access token is valid.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], whether or not the account exists, and [`Error::TooManyAttempts`].
    pub async fn sign_in(
        &self,
        request: &RequestContext,
        email: &Email,
        password: &Password,
    ) -> Result<SignInStep<SignedIn>> {
        let proven = match self.prove(request, email, password).await? {
            SignInStep::Done(proven) => proven,
            SignInStep::CodeRequired(pending) => return Ok(SignInStep::CodeRequired(pending)),
        };
        let started = self.start::<Refreshing>(request, email, &proven).await;
        let refresh_token = match started {
            Ok((token, _)) => Some(token),
            // Reading and exporting still work, so people must be able to sign in.
            Err(Error::StorageFull(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(SignInStep::Done(SignedIn {
            user_id: proven.known.user_id,
            at: proven.at,
            refresh_token,
        }))
    }

    /// Verifies a password. Requests a code if the account has a second factor.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] and [`Error::TooManyAttempts`].
    pub(super) async fn prove(
        &self,
        request: &RequestContext,
        email: &Email,
        password: &Password,
    ) -> Result<SignInStep<Proven>> {
        let claimed = Claimed {
            target: GuessTarget::SignIn,
            email,
            password,
        };
        let known = self.verify(request, &claimed).await?;
        let renewed = self
            .renewed(request, password, &known.password_hash)
            .await?;
        // The password may have been set by a server whose clock is ahead.
        let now = self.clock.now();
        let valid_from = known.tokens_valid_from;
        let proven = Proven {
            at: valid_from.map_or(now, |from| now.not_before(from)),
            known,
            renewed,
            issuer_proof: IssuerProof::default(),
        };
        if proven.known.factor.is_none() {
            return Ok(SignInStep::Done(proven));
        }
        let pending = self.challenge(request, email, &proven).await?;
        Ok(SignInStep::CodeRequired(pending))
    }

    /// Starts a session of an account without a second factor after a verified password.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the password was changed or a factor was enrolled meanwhile.
    pub(super) async fn start<P: SessionPurpose>(
        &self,
        request: &RequestContext,
        email: &Email,
        proven: &Proven,
    ) -> Result<(SecretToken<P>, Session)> {
        let Proven {
            known,
            renewed,
            at,
            issuer_proof,
        } = proven;
        let context = self.context(request, Some(known.user_id), AuditAction::SignIn, *at);
        let proof = PasswordProof {
            email,
            verified: &known.password_hash,
            renewed: renewed.as_ref(),
            factor: FactorProof::NotEnrolled,
            issuer: *issuer_proof,
        };
        let opened = self.open(request, &context, known.user_id, &proof).await?;
        opened.ok_or(Error::Unauthenticated(SignInFault::Credentials))
    }

    /// Starts a session at the time of the write. `None` if the proof does not hold any more.
    pub(super) async fn open<P: SessionPurpose>(
        &self,
        request: &RequestContext,
        context: &WriteContext,
        user: UserId,
        proof: &PasswordProof<'_>,
    ) -> Result<Option<(SecretToken<P>, Session)>> {
        let token = SecretToken::<P>::new(self.ids.next(), self.entropy.secret());
        let session = self.new_session(request, &token, user, context.at);
        let session = session.proven_by(proof.issuer);
        let is_open = self.sessions.open_session(context, &session, proof);
        Ok(is_open.await?.then_some((token, session)))
    }

    /// Hashes a verified password again if the parameters of its hash are outdated.
    async fn renewed(
        &self,
        request: &RequestContext,
        password: &Password,
        hash: &PasswordHash,
    ) -> Result<Option<PasswordHash>> {
        if self.passwords.is_current(hash) {
            return Ok(None);
        }
        let turn = HashTurn::proven(&request.sender);
        self.passwords.hash(password, turn).await.map(Some)
    }

    pub(super) fn new_session<P: SessionPurpose>(
        &self,
        request: &RequestContext,
        token: &SecretToken<P>,
        user_id: UserId,
        now: Timestamp,
    ) -> Session {
        let SessionLifetime { idle, longest } = self.lifetime;
        let ends_at = now.after(longest);
        Session {
            kind: P::KIND,
            family: token.id(),
            user_id,
            secret_digest: token.digest(),
            family_digest: P::KIND.is_tokens().then(|| token.family_digest()),
            created_at: now,
            used_at: now,
            expires_at: now.after(idle).min(ends_at),
            ends_at,
            address: request.sender.address,
            agent: request.sender.agent.clone(),
            issuer_proof: IssuerProof::default(),
        }
    }

    /// Ends a session. Ending it twice is not an error.
    pub async fn sign_out<P: SessionPurpose>(
        &self,
        request: &RequestContext,
        presented: &SecretToken<P>,
    ) -> Result<()> {
        let context = self.context(request, None, AuditAction::SignOut, self.clock.now());
        let end = SessionEnd::Presented(presented.digest());
        self.sessions
            .close_session(&context, presented.id(), &end)
            .await
            .map(drop)
    }

    /// Returns the caller's sessions, the newest first, at most [`MAX_LISTED_SESSIONS`].
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key.
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<Session>> {
        caller.require_session()?;
        let user = self.me(caller).await?;
        let now = self.clock.now();
        let mut sessions = self
            .sessions
            .list_sessions(user.id, MAX_LISTED_SESSIONS)
            .await?;
        sessions.retain(|session| is_valid(session, &user, now));
        Ok(sessions)
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key, [`Error::NotFound`].
    pub async fn end_session(&self, caller: &Caller, family: Uuid) -> Result<()> {
        caller.require_session()?;
        let context = caller.context(AuditAction::SignOut, self.ids.as_ref(), self.clock.now());
        let end = SessionEnd::Owned(caller.user_id);
        let ended = self.sessions.close_session(&context, family, &end).await?;
        ended
            .then_some(())
            .ok_or(Error::NotFound(Resource::Session))
    }

    /// Ends all of the caller's sessions and invalidates their access tokens.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] with an API key.
    pub async fn end_all_sessions(&self, caller: &Caller) -> Result<()> {
        caller.require_session()?;
        let email = self.me(caller).await?.email;
        // Sessions of this millisecond count as later.
        let at = self.clock.now().after(Duration::from_millis(1));
        let action = AuditAction::SignOutEverywhere;
        let context = caller.context(action, self.ids.as_ref(), at);
        self.sessions
            .revoke_sessions(&context, caller.user_id, &email)
            .await
    }

    /// Returns the caller of a verified access token, with the role that the issuer of the sign-in gave, or else the
    /// user's current role.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the user was removed or disabled, the session has ended, or the token was
    /// revoked.
    pub async fn authenticate(
        &self,
        token: VerifiedToken,
        request: RequestContext,
    ) -> Result<Caller> {
        let revoked = || Error::Unauthenticated(SignInFault::Revoked);
        let user = self.store.find_user(token.user_id).await?;
        let user = user
            .filter(|user| {
                user.is_active() && token.issued_at >= user.tokens_valid_from.as_seconds()
            })
            .ok_or_else(revoked)?;
        let (began, proof) = match token.session {
            Some(family) => {
                let session = self.sessions.find_session(family).await?;
                let session = session.filter(|session| is_valid(session, &user, self.clock.now()));
                let session = session.ok_or_else(revoked)?;
                (session.created_at, session.issuer_proof)
            }
            None => (
                Timestamp::from_millis(token.issued_at.saturating_mul(1000)),
                IssuerProof::default(),
            ),
        };
        Ok(Caller {
            user_id: user.id,
            role: proof.role.unwrap_or(user.role),
            assurance: self.factor_policy.of_session(&user, began, proof),
            grant: Grant::Session(token.session),
            request,
        })
    }
}

/// Maximum number of sessions in a list.
pub const MAX_LISTED_SESSIONS: usize = 100;

/// Whether a stored session is one of the user and has not ended.
pub(super) fn is_valid(session: &Session, user: &User, now: Timestamp) -> bool {
    session.user_id == user.id
        && session.created_at >= user.tokens_valid_from
        && now < session.expires_at
}

/// What a sign-in has verified.
#[derive(Debug, Clone, Copy)]
pub struct PasswordProof<'a> {
    /// E-mail address of the account.
    pub email: &'a Email,
    /// The hash of the verified password.
    pub verified: &'a PasswordHash,
    /// The hash that replaces it, if its parameters are outdated.
    pub renewed: Option<&'a PasswordHash>,
    /// The required second factor of the account.
    pub factor: FactorProof<'a>,
    /// Proof of an issuer in place of the password.
    pub issuer: IssuerProof,
}

/// The condition for the end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnd {
    /// The secret with this digest is the current one.
    Presented(String),
    /// The session is one of this user.
    Owned(UserId),
    /// A used refresh token was presented.
    Reused,
}
