//! Accounts: sign-in, sessions and users.

mod api_keys;
mod cookie_session;
mod guessing;
mod hasher;
mod identities;
mod issuer_sign_in;
mod mail;
mod password_change;
mod password_reset;
mod refresh;
mod second_factor;
mod secret_token;
mod session_kind;
mod session_store;
mod sessions;
mod store;
mod user;
mod users;
mod verification;

use std::sync::Arc;

pub use api_keys::{
    ApiKey, ApiKeyStore, ApiKeys, IssuedKey, KEY_RETENTION, KeyRotation, KeyState, Lifetime,
    ListedKey, MAX_ACTIVE_KEYS, NewKey, NewOwnKey, USE_INTERVAL,
};
pub use cookie_session::{COOKIE_USE_INTERVAL, CookieSession};
pub use guessing::{AttemptCount, AttemptHistory, Guess, GuessAdmission, GuessStore, GuessTarget};
pub use hasher::{HashClass, HashTurn, PasswordHasher};
pub use identities::{ForeignToken, Identity, IdentityLink, IdentityRule, IdentityStore};
pub use issuer_sign_in::IssuerProof;
pub use mail::{Mail, Mailer};
pub use password_change::PasswordChange;
pub use password_reset::{PasswordReset, ResetAccount, ResetStore};
pub use refresh::{Rotation, RotationOutcome};
pub use second_factor::{
    AuthenticatorCode, EnrolledFactor, FactorConfirmation, FactorEnrolment, FactorPolicy,
    FactorProof, FactorRemoval, FactorStatus, FactorStore, NewFactor, PendingSignIn, RecoveryCode,
    SecondFactorCode, SecretSealer, SignInChallenge, SignInStep, TotpSecret,
};
pub use secret_token::{
    Browsing, ChallengeToken, Challenging, CookieToken, RefreshToken, Refreshing, ResetToken,
    Resetting, SecretToken,
};
pub use session_kind::{SessionKind, SessionPurpose};
pub use session_store::SessionStore;
pub use sessions::{
    MAX_LISTED_SESSIONS, PasswordProof, Session, SessionEnd, SessionLifetime, SignedIn,
    VerifiedToken,
};
pub use store::AccountStore;
pub use user::{Credentials, PasswordHash, User};
pub use users::{
    Acceptance, Invitation, InvitationToken, InvitedUser, NewInvitation, ProfilePatch,
    ReassignmentWorker, UserAcceptance, UserAction, UserDeletion, UserName, UserPatch, UserQuery,
    UserStore, UserUpdate, Users,
};

use crate::{
    access::{Caller, RequestContext, Role},
    audit_action::AuditAction,
    clock::{Clock, Entropy, Ids},
    error::{Error, Resource, Result},
    values::{DisplayName, Email, Password, Timestamp, UserId, UserStatus, Version},
    writes::WriteContext,
};

/// Use cases of accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    sessions: Arc<dyn SessionStore>,
    resets: Arc<dyn ResetStore>,
    identities: Arc<dyn IdentityStore>,
    factors: Arc<dyn FactorStore>,
    guesses: Arc<dyn GuessStore>,
    passwords: Arc<dyn PasswordHasher>,
    sealer: Arc<dyn SecretSealer>,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    entropy: Arc<dyn Entropy>,
    lifetime: SessionLifetime,
    factor_policy: FactorPolicy,
}

/// The dependencies of [`Accounts`].
pub struct AccountPorts {
    /// Stores users.
    pub store: Arc<dyn AccountStore>,
    /// Stores sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// Stores requested resets of passwords.
    pub resets: Arc<dyn ResetStore>,
    /// Stores the users of foreign identities.
    pub identities: Arc<dyn IdentityStore>,
    /// Stores second factors.
    pub factors: Arc<dyn FactorStore>,
    /// Counts guesses.
    pub guesses: Arc<dyn GuessStore>,
    /// Hashes passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Encrypts the secrets of second factors.
    pub sealer: Arc<dyn SecretSealer>,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Generates ids.
    pub ids: Arc<dyn Ids>,
    /// Generates secrets.
    pub entropy: Arc<dyn Entropy>,
}

/// A user to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// E-mail address of the account.
    pub email: Email,
    /// Display name.
    pub display_name: DisplayName,
    /// Role of the user.
    pub role: Role,
    /// Initial password.
    pub password: Password,
}

impl Accounts {
    /// Creates the use cases with the default lifetimes of sessions.
    #[must_use]
    pub fn new(ports: AccountPorts) -> Self {
        let AccountPorts {
            store,
            sessions,
            resets,
            identities,
            factors,
            guesses,
            passwords,
            sealer,
            mailer,
            clock,
            ids,
            entropy,
        } = ports;
        Self {
            store,
            sessions,
            resets,
            identities,
            factors,
            guesses,
            passwords,
            sealer,
            mailer,
            clock,
            ids,
            entropy,
            lifetime: SessionLifetime::default(),
            factor_policy: FactorPolicy::default(),
        }
    }

    /// Sets the lifetimes of new and refreshed sessions.
    #[must_use]
    pub fn with_lifetime(self, lifetime: SessionLifetime) -> Self {
        Self { lifetime, ..self }
    }

    /// Sets the rules for second factors.
    #[must_use]
    pub fn with_factor_policy(self, factor_policy: FactorPolicy) -> Self {
        Self {
            factor_policy,
            ..self
        }
    }

    /// Returns the caller's account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was removed since authentication.
    pub async fn me(&self, caller: &Caller) -> Result<User> {
        self.store
            .find_user(caller.user_id)
            .await?
            .ok_or(Error::NotFound(Resource::User))
    }

    /// Creates the first administrator. Calls `founder` only if there has never been a user;
    /// otherwise returns `None`. This avoids the slow password hash at every later start.
    pub async fn create_first_admin(
        &self,
        request: &RequestContext,
        founder: impl FnOnce() -> NewUser,
    ) -> Result<Option<User>> {
        if self.store.has_founder().await? {
            return Ok(None);
        }
        let (context, user, hash) = self.prepare(request, founder()).await?;
        let inserted = self.store.insert_founder(&context, &user, &hash).await?;
        Ok(inserted.then_some(user))
    }

    /// Creates a user, from the command line.
    ///
    /// # Errors
    /// [`Error::Taken`].
    pub async fn create_user(&self, request: &RequestContext, new: NewUser) -> Result<User> {
        let (context, user, hash) = self.prepare(request, new).await?;
        self.store.insert_user(&context, &user, &hash).await?;
        Ok(user)
    }

    async fn prepare(
        &self,
        request: &RequestContext,
        new: NewUser,
    ) -> Result<(WriteContext, User, PasswordHash)> {
        password_reset::require_apart(&new.password, &new.email, "/password")?;
        let turn = HashTurn::proven(&request.sender);
        let hash = self.passwords.hash(&new.password, turn).await?;
        let now = self.clock.now();
        let user = User {
            id: UserId::new(self.ids.next()),
            email: new.email,
            display_name: new.display_name,
            language: None,
            bio: None,
            role: new.role,
            status: UserStatus::Active,
            created_at: now,
            updated_at: None,
            version: Version::FIRST,
            tokens_valid_from: now,
            second_factor_since: None,
        };
        Ok((
            self.context(request, None, AuditAction::CreateUser, now),
            user,
            hash,
        ))
    }

    /// Sets a new password and ends every session of the account.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reset_password(
        &self,
        request: &RequestContext,
        email: &Email,
        password: &Password,
    ) -> Result<()> {
        let credentials = self.store.find_credentials(email).await?;
        let user_id = credentials.ok_or(Error::NotFound(Resource::User))?.user_id;
        password_reset::require_apart(password, email, "/password")?;
        let turn = HashTurn::proven(&request.sender);
        let hash = self.passwords.hash(password, turn).await?;
        let now = self.clock.now();
        let context = self.context(request, None, AuditAction::ResetPassword, now);
        self.store
            .replace_password(&context, email, user_id, &hash, now)
            .await
    }

    fn context(
        &self,
        request: &RequestContext,
        actor: Option<UserId>,
        action: AuditAction,
        at: Timestamp,
    ) -> WriteContext {
        WriteContext {
            id: self.ids.next(),
            actor,
            key: None,
            action,
            at,
            request_id: request.request_id.clone(),
            idempotency: None,
            step: None,
        }
    }
}
