//! API keys: credentials of programs that act for a user within a set of scopes.

mod api_key;
mod issued;
mod own;
mod store;

use std::{collections::HashMap, sync::Arc};

pub use api_key::ApiKey;
pub use issued::{IssuedKey, KEY_RETENTION, KeyState, Lifetime, NewKey, USE_INTERVAL};
pub use own::{KeyRotation, NewOwnKey};
pub use store::ApiKeyStore;

use super::{Accounts, User};
use crate::{
    access::{Caller, Grant, RequestContext, Scopes},
    audit_action::AuditAction,
    error::{Error, FieldErrors, Resource, Result, SignInFault},
    retry::retry_on_conflict,
    values::{ApiKeyId, Code, KeyName, Timestamp, UserId},
    writes::WriteContext,
};

/// Maximum number of active keys of a user. Parallel requests can exceed it slightly.
pub const MAX_ACTIVE_KEYS: usize = 50;

/// Use cases of API keys: those of the operator here, those of callers in `own`.
#[derive(Clone)]
pub struct ApiKeys {
    accounts: Accounts,
    store: Arc<dyn ApiKeyStore>,
}

/// A key in a list of keys.
#[derive(Debug, Clone)]
pub struct ListedKey {
    /// The key.
    pub key: IssuedKey,
    /// The user, unless the account was removed.
    pub user: Option<User>,
    /// State of the key.
    pub state: KeyState,
}

impl ApiKeys {
    /// Creates the use cases over a store, for users of `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts, store: Arc<dyn ApiKeyStore>) -> Self {
        Self { accounts, store }
    }

    /// Issues a key. Only its digest is stored, so the secret cannot be shown again.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the user does not exist, [`Error::Invalid`] if the key would expire
    /// immediately, [`Error::TooManyKeys`].
    pub async fn issue(
        &self,
        request: &RequestContext,
        new: NewKey,
    ) -> Result<(IssuedKey, ApiKey)> {
        let now = self.accounts.clock.now();
        let valid_until = end_of(new.lifetime, now)?;
        let credentials = self.accounts.store.find_credentials(&new.email).await?;
        let user_id = credentials.ok_or(Error::NotFound(Resource::User))?.user_id;
        self.require_room(user_id, now).await?;
        let (key, secret) = self.generate(user_id, (new.name, new.scopes), now, valid_until);
        let context = self.context(request, AuditAction::IssueKey, key.id);
        self.store.insert_key(&context, &key).await?;
        Ok((key, secret))
    }

    /// Returns the caller of a presented key: the user's current role, restricted to the
    /// key's scopes. Changing the user's password ends their sessions but not their keys.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], without the reason.
    pub async fn authenticate(&self, presented: &str, request: RequestContext) -> Result<Caller> {
        let refused = || Error::Unauthenticated(SignInFault::ApiKey);
        let presented = ApiKey::parse(presented).ok_or_else(refused)?;
        let now = self.accounts.clock.now();
        let key = self.store.find_key(presented.id()).await?;
        let key = key
            .filter(|key| key.admits(&presented, now))
            .ok_or_else(refused)?;
        let user = self.accounts.store.find_user(key.user_id).await?;
        let user = user.filter(User::is_active).ok_or_else(refused)?;
        if key.is_use_due(now) {
            // The request is served even if the use cannot be recorded, such as with a full disk.
            drop(self.store.record_use(&key, now).await);
        }
        Ok(Caller {
            user_id: user.id,
            role: user.role,
            assurance: self.accounts.factor_policy.of_key(&user),
            grant: Grant::Key {
                id: key.id,
                scopes: key.scopes,
            },
            request,
        })
    }

    /// Lists all keys, the newest first. Expired and revoked keys are kept for 30 days.
    pub async fn list(&self) -> Result<Vec<ListedKey>> {
        let now = self.accounts.clock.now();
        let mut users: HashMap<UserId, Option<User>> = HashMap::new();
        let mut listed = Vec::new();
        for key in self.store.list_keys().await? {
            let user = match users.get(&key.user_id) {
                Some(user) => user.clone(),
                None => self.accounts.store.find_user(key.user_id).await?,
            };
            users.insert(key.user_id, user.clone());
            let state = key.state(now);
            listed.push(ListedKey { key, user, state });
        }
        Ok(listed)
    }

    /// Revokes a key. Other servers reject it within five seconds. Revoking it twice is not an error.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke(&self, request: &RequestContext, id: ApiKeyId) -> Result<()> {
        let context = self.context(request, AuditAction::RevokeKey, id);
        self.store.revoke_key(&context, id).await
    }

    /// Replaces a key of any user by a new one, for the operator. See [`rotate`](Self::rotate).
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::KeyInactive`], [`Error::TooManyKeys`].
    pub async fn rotate_any(
        &self,
        request: &RequestContext,
        rotation: KeyRotation,
    ) -> Result<(IssuedKey, ApiKey)> {
        retry_on_conflict(|| async {
            let key = self.store.find_current(rotation.id).await?;
            let now = self.accounts.clock.now();
            let key = key
                .filter(|key| !key.is_forgotten(now))
                .ok_or(Error::NotFound(Resource::ApiKey))?;
            let context = self.context(request, AuditAction::RotateKey, key.id);
            self.replace(&context, key, rotation, now).await
        })
        .await
    }

    /// Stores a new key in place of `key`. Returns `None` after a conflict.
    async fn replace(
        &self,
        context: &WriteContext,
        key: IssuedKey,
        rotation: KeyRotation,
        now: Timestamp,
    ) -> Result<Option<(IssuedKey, ApiKey)>> {
        if key.state(now) != KeyState::Active {
            return Err(Error::KeyInactive);
        }
        self.require_room(key.user_id, now).await?;
        let length = key.valid_until.map(|end| end.since(key.created_at));
        let valid_until = length.map(|length| now.after(length));
        let named = (key.name.clone(), key.scopes.clone());
        let (new, secret) = self.generate(key.user_id, named, now, valid_until);
        let end = now.after(rotation.overlap);
        let replaced = IssuedKey {
            valid_until: Some(key.valid_until.map_or(end, |until| until.min(end))),
            ..key
        };
        let stored = self.store.rotate(context, &replaced, &new).await?;
        Ok(stored.applied((new, secret)))
    }

    /// Fails if the user cannot have another active key.
    async fn require_room(&self, user_id: UserId, now: Timestamp) -> Result<()> {
        let keys = self.store.list_keys().await?;
        let is_held =
            |key: &&IssuedKey| key.user_id == user_id && key.state(now) == KeyState::Active;
        if keys.iter().filter(is_held).count() < MAX_ACTIVE_KEYS {
            Ok(())
        } else {
            Err(Error::TooManyKeys(MAX_ACTIVE_KEYS))
        }
    }

    /// Generates a key with its secret. Stores nothing.
    fn generate(
        &self,
        user_id: UserId,
        (name, scopes): (KeyName, Scopes),
        now: Timestamp,
        valid_until: Option<Timestamp>,
    ) -> (IssuedKey, ApiKey) {
        let id = ApiKeyId::new(self.accounts.ids.next());
        let secret = ApiKey::new(id, self.accounts.entropy.secret());
        let key = IssuedKey {
            id,
            name,
            user_id,
            digest: secret.digest(),
            scopes,
            created_at: now,
            valid_until,
            revoked_at: None,
            last_used_at: None,
        };
        (key, secret)
    }

    /// Builds the context of an operator's write.
    fn context(&self, request: &RequestContext, action: AuditAction, id: ApiKeyId) -> WriteContext {
        let now = self.accounts.clock.now();
        WriteContext {
            key: Some(id),
            ..self.accounts.context(request, None, action, now)
        }
    }
}

/// The expiry of a new key.
fn end_of(lifetime: Lifetime, now: Timestamp) -> Result<Option<Timestamp>> {
    let end = lifetime.end(now);
    if end.is_some_and(|end| end <= now) {
        let detail = "must be in the future";
        return Err(FieldErrors::one("/expires_at", Code::OutOfRange, detail).into());
    }
    Ok(end)
}
