//! Accounts: sign-in, sessions and users.

mod api_keys;
mod refresh_token;
mod store;
mod user;

use std::{sync::Arc, time::Duration};

pub use api_keys::{
    ApiKey, ApiKeyStore, ApiKeys, IssuedKey, KeyState, Lifetime, ListedKey, NewKey,
};
pub use refresh_token::RefreshToken;
pub use store::{AccountStore, PasswordHasher, Rotation, RotationOutcome};
pub use user::{Credentials, PasswordHash, Session, User};

use crate::{
    access::{Caller, Grant, RequestContext, Role},
    audit::AuditAction,
    clock::{Clock, Entropy, Ids},
    error::{Error, Resource, Result, SignInFault},
    values::{DisplayName, Email, Password, Timestamp, UserId},
    writes::WriteContext,
};

/// Lifetime of an unused session: 30 days.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Use cases of accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    passwords: Arc<dyn PasswordHasher>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    entropy: Arc<dyn Entropy>,
}

/// Result of a sign-in or a refresh.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user_id: UserId,
    /// Issue time of the access token.
    pub at: Timestamp,
    /// Refresh token of the session.
    pub refresh_token: RefreshToken,
}

/// Verified content of an access token.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    /// The user that the token was issued to.
    pub user_id: UserId,
    /// Issue time in seconds since the Unix epoch.
    pub issued_at: i64,
}

/// A user to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// E-mail address of the account.
    pub email: Email,
    /// Display name.
    pub display_name: DisplayName,
    /// Role.
    pub role: Role,
    /// Password.
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

    /// Signs in and starts a session.
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
        }) = credentials.filter(|_| matches)
        else {
            return Err(refused);
        };
        let now = self.clock.now();
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
        if !opened.await? {
            return Err(refused);
        }
        Ok(SignedIn {
            user_id,
            at: now,
            refresh_token,
        })
    }

    /// Rotates the refresh token of a session; the presented token becomes invalid.
    ///
    /// A token that was used before ends its session, because it or its successor was stolen.
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
            RotationOutcome::Rotated { user_id } => Ok(SignedIn {
                user_id,
                at: now,
                refresh_token: next,
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
    /// [`Error::Unauthenticated`] if the user was removed or the token revoked.
    pub async fn authenticate(&self, proof: Proof, request: RequestContext) -> Result<Caller> {
        let user = self.store.find_user(proof.user_id).await?;
        match user {
            Some(user) if proof.issued_at >= user.tokens_valid_from.as_seconds() => Ok(Caller {
                user_id: user.id,
                role: user.role,
                grant: Grant::Session,
                request,
            }),
            _ => Err(Error::Unauthenticated(SignInFault::Revoked)),
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
            role: new.role,
            created_at: now,
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
