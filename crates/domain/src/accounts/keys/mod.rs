//! API keys: secrets with which programs call, in the name of a user and for some things only.

mod api_key;
mod issued;
mod store;

use std::{collections::HashMap, sync::Arc};

pub use api_key::ApiKey;
pub use issued::{IssuedKey, KeyState, Lifetime, NewKey};
pub use store::ApiKeyStore;

use super::{Accounts, User};
use crate::{
    access::{Caller, Grant, RequestContext},
    writes::WriteContext, audit::AuditAction,
    error::{Error, FieldErrors, Resource, Result, SignInFault},
    values::{ApiKeyId, Code, UserId},
};

/// The use cases around API keys. Issuing, listing and revoking are for whoever runs the site.
#[derive(Clone)]
pub struct ApiKeys {
    accounts: Accounts,
    store: Arc<dyn ApiKeyStore>,
}

/// A key with what a list of keys says beside it.
#[derive(Debug, Clone)]
pub struct ListedKey {
    /// The key.
    pub key: IssuedKey,
    /// Whose, unless the account is gone.
    pub user: Option<User>,
    /// Whether it works.
    pub state: KeyState,
}

impl ApiKeys {
    /// The use cases over a store, for the users of `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts, store: Arc<dyn ApiKeyStore>) -> Self {
        Self { accounts, store }
    }

    /// Issues a key. Only its digest is kept, so the secret is known to nobody later.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such user, [`Error::Invalid`] when the key would end
    /// before it begins.
    pub async fn issue(
        &self,
        request: &RequestContext,
        new: NewKey,
    ) -> Result<(IssuedKey, ApiKey)> {
        let now = self.accounts.clock.now();
        let valid_until = new.lifetime.end(now);
        if valid_until.is_some_and(|end| end <= now) {
            let detail = "must lie in the future";
            return Err(FieldErrors::one("/expires", Code::OutOfRange, detail).into());
        }
        let credentials = self.accounts.store.find_credentials(&new.email).await?;
        let user_id = credentials.ok_or(Error::NotFound(Resource::User))?.user_id;
        let id = ApiKeyId::new(self.accounts.ids.next());
        let secret = ApiKey::new(id, self.accounts.entropy.secret());
        let key = IssuedKey {
            id,
            name: new.name,
            user_id,
            digest: secret.digest(),
            scopes: new.scopes,
            created_at: now,
            valid_until,
            revoked_at: None,
        };
        let context = self.context(request, AuditAction::IssueKey, id);
        self.store.insert_key(&context, &key).await?;
        Ok((key, secret))
    }

    /// Turns a key as it was presented into a caller: with the role that its user has now, as far
    /// as its scopes go. A new password of the user ends their sessions and leaves keys as they are.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], which does not say what is wrong with the key.
    pub async fn authenticate(&self, presented: &str, request: RequestContext) -> Result<Caller> {
        let refused = || Error::Unauthenticated(SignInFault::ApiKey);
        let presented = ApiKey::parse(presented).ok_or_else(refused)?;
        let now = self.accounts.clock.now();
        let key = self.store.find_key(presented.id()).await?;
        let key = key
            .filter(|key| key.admits(&presented, now))
            .ok_or_else(refused)?;
        let user = self.accounts.store.find_user(key.user_id).await?;
        let user = user.ok_or_else(refused)?;
        Ok(Caller {
            user_id: user.id,
            role: user.role,
            grant: Grant::Key {
                id: key.id,
                scopes: key.scopes,
            },
            request,
        })
    }

    /// All keys, the newest first; those that ended, for 30 days more.
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

    /// Revokes a key; servers that know it learn of it within five seconds. Revoking twice is no error.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke(&self, request: &RequestContext, id: ApiKeyId) -> Result<()> {
        let context = self.context(request, AuditAction::RevokeKey, id);
        self.store.revoke_key(&context, id).await
    }

    /// What an operator does to a key.
    fn context(&self, request: &RequestContext, action: AuditAction, id: ApiKeyId) -> WriteContext {
        let now = self.accounts.clock.now();
        WriteContext {
            key: Some(id),
            ..self.accounts.context(request, None, action, now)
        }
    }
}
