//! Accounts: sign-in, sessions and users.

mod api_keys;
mod refresh;
mod sessions;
mod store;
mod user;
mod users;

use std::sync::Arc;

pub use api_keys::{
    ApiKey, ApiKeyStore, ApiKeys, IssuedKey, KEY_RETENTION, KeyRotation, KeyState, Lifetime,
    ListedKey, NewKey, NewOwnKey, USE_INTERVAL,
};
pub use refresh::{RefreshToken, Rotation, RotationOutcome};
pub use sessions::{SESSION_LIFETIME, Session, SignedIn, VerifiedToken};
pub use store::{AccountStore, PasswordHasher};
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
    passwords: Arc<dyn PasswordHasher>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    entropy: Arc<dyn Entropy>,
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
    /// Creates the use cases over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn AccountStore>,
        passwords: Arc<dyn PasswordHasher>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            store,
            passwords,
            clock,
            ids,
            entropy,
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
        let hash = self.passwords.hash(&new.password).await?;
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
        let hash = self.passwords.hash(password).await?;
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
