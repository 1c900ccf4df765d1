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
    values::{ApiKeyId, Code, KeyName, Timestamp, UserId},
    writes::WriteContext,
};

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
    /// immediately.
    pub async fn issue(
        &self,
        request: &RequestContext,
        new: NewKey,
    ) -> Result<(IssuedKey, ApiKey)> {
        let now = self.accounts.clock.now();
        let valid_until = end_of(new.lifetime, now)?;
        let credentials = self.accounts.store.find_credentials(&new.email).await?;
        let user_id = credentials.ok_or(Error::NotFound(Resource::User))?.user_id;
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
