//! Accounts: who can sign in, and the sessions that this begins.

mod keys;
mod refresh_token;
mod store;
mod user;

use std::{sync::Arc, time::Duration};

pub use keys::{ApiKey, ApiKeyStore, ApiKeys, IssuedKey, KeyState, Lifetime, ListedKey, NewKey};
pub use refresh_token::RefreshToken;
pub use store::{AccountStore, PasswordHasher, Rotated, Rotation};
pub use user::{Credentials, PasswordHash, Session, User};

use crate::{
    access::{Caller, Grant, RequestContext, Role},
    writes::WriteContext, audit::AuditAction,
    clock::{Clock, Entropy, Ids},
    error::{Error, Resource, Result, SignInFault},
    values::{DisplayName, Email, Password, Timestamp, UserId},
};

/// How long a session lasts without being used: 30 days.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// The use cases around accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Arc<dyn AccountStore>,
    passwords: Arc<dyn PasswordHasher>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    entropy: Arc<dyn Entropy>,
}

/// A session that was just begun or continued.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who it is.
    pub user_id: UserId,
    /// When access tokens for it are issued.
    pub at: Timestamp,
    /// What continues the session.
    pub refresh_token: RefreshToken,
}

/// What an access token proved.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    /// Whom it was issued to.
    pub user_id: UserId,
    /// When, in seconds since the Unix epoch.
    pub issued_at: i64,
}

/// Somebody who shall be able to sign in.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name of the account.
    pub email: Email,
    /// The name that others see.
    pub display_name: DisplayName,
    /// What they are to the site.
    pub role: Role,
    /// What they sign in with.
    pub password: Password,
}

impl Accounts {
    /// The use cases over a store.
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

    /// Begins a session.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], which does not say whether the account exists.
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

    /// Continues a session with a new refresh token; the presented one works no more.
    ///
    /// A token that was used before ends its session: either it or its successor was stolen.
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
            Rotated::Done { user_id } => Ok(SignedIn {
                user_id,
                at: now,
                refresh_token: next,
            }),
            Rotated::Reused => {
                let context = self.context(request, None, AuditAction::RevokeSession, now);
                self.store
                    .close_session(&context, presented.family(), None)
                    .await?;
                Err(refused)
            }
            Rotated::Unknown => Err(refused),
        }
    }

    /// Ends a session. Signing out twice is no error.
    pub async fn sign_out(&self, request: &RequestContext, presented: &RefreshToken) -> Result<()> {
        let context = self.context(request, None, AuditAction::SignOut, self.clock.now());
        self.store
            .close_session(&context, presented.family(), Some(&presented.digest()))
            .await
    }

    /// Turns what an access token proved into a caller with the role that the user has now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the user is gone or their tokens were revoked.
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

    /// The account of whoever calls.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was removed a moment ago.
    pub async fn me(&self, caller: &Caller) -> Result<User> {
        self.store
            .find_user(caller.user_id)
            .await?
            .ok_or(Error::NotFound(Resource::User))
    }

    /// Makes the first administrator, `founder`, who is only asked for where there never was a
    /// user; `None` where there was. Hashing is slow, so a usual start does none.
    pub async fn found(
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

    /// Makes a user, for whoever runs the site from its command line.
    ///
    /// # Errors
    /// [`Error::Taken`].
    pub async fn add(&self, request: &RequestContext, new: NewUser) -> Result<User> {
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
        Ok((self.context(request, None, AuditAction::CreateUser, now), user, hash))
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
