//! API keys over REST: callers manage their own keys; administrators list and revoke all.

use std::time::Duration;

use super::{ApiKey, ApiKeys, IssuedKey, Lifetime, ListedKey, end_of};
use crate::{
    access::{Caller, Grant, Permission, Scopes},
    accounts::User,
    audit_action::AuditAction,
    error::{Error, FieldErrors, Resource, Result},
    page::{Page, PageRequest},
    retry::retry_on_conflict,
    values::{ApiKeyId, Code, KeyName, Timestamp, UserId},
    writes::WriteContext,
};

/// A key that a caller creates for themselves.
#[derive(Debug, Clone)]
pub struct NewOwnKey {
    /// Name of the key.
    pub name: KeyName,
    /// Scopes of the key, which the caller must have.
    pub scopes: Scopes,
    /// Lifetime of the key.
    pub lifetime: Lifetime,
}

/// A rotation of a key.
#[derive(Debug, Clone, Copy)]
pub struct KeyRotation {
    /// The key to be replaced.
    pub id: ApiKeyId,
    /// Time for which the replaced key stays valid.
    pub overlap: Duration,
}

impl KeyRotation {
    /// Default overlap: one day.
    pub const USUAL_OVERLAP: Duration = Duration::from_hours(24);
    /// Longest overlap: 30 days.
    pub const MAX_OVERLAP: Duration = Duration::from_hours(30 * 24);
}

impl ApiKeys {
    /// Creates a key of the caller. Only its digest is stored, so the secret cannot be shown again.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] if the caller lacks a scope or the key would expire
    /// immediately, [`Error::TooManyKeys`].
    pub async fn create(&self, caller: &Caller, new: NewOwnKey) -> Result<(ListedKey, ApiKey)> {
        caller.require(Permission::ManageOwnKeys)?;
        let now = self.accounts.clock.now();
        caller.require_recent(now)?;
        require_scopes(caller, &new.scopes)?;
        let valid_until = end_of(new.lifetime, now)?;
        let user = self.accounts.me(caller).await?;
        self.require_room(caller.user_id, now).await?;
        let named = (new.name, new.scopes);
        let (key, secret) = self.generate(caller.user_id, named, now, valid_until);
        let context = self.caller_context(caller, AuditAction::IssueKey, key.id, now);
        self.store.insert_key(&context, &key).await?;
        Ok((listed(key, Some(user), now), secret))
    }

    /// Lists the caller's keys; for administrators, those of all users or of `owner`.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::BadCursor`].
    pub async fn list_for(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        page: &PageRequest,
    ) -> Result<Page<ListedKey>> {
        let owner = if caller.may(Permission::ManageAnyKeys) {
            owner
        } else {
            caller.require(Permission::ManageOwnKeys)?;
            if owner.is_some_and(|owner| owner != caller.user_id) {
                return Err(Error::Forbidden(Permission::ManageAnyKeys));
            }
            Some(caller.user_id)
        };
        let now = self.accounts.clock.now();
        let page = self.store.list(owner, now, page).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for key in page.items {
            let user = self.accounts.store.find_user(key.user_id).await?;
            items.push(listed(key, user, now));
        }
        Ok(Page {
            items,
            next: page.next,
        })
    }

    /// Returns a key of the caller; for administrators, of any user.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get_for(&self, caller: &Caller, id: ApiKeyId) -> Result<ListedKey> {
        let key = self.find_for(caller, id).await?;
        let user = self.accounts.store.find_user(key.user_id).await?;
        Ok(listed(key, user, self.accounts.clock.now()))
    }

    /// Revokes a key of the caller; for administrators, of any user. Other servers reject it within
    /// five seconds. Revoking it twice is not an error.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn revoke_for(&self, caller: &Caller, id: ApiKeyId) -> Result<()> {
        let key = self.find_for(caller, id).await?;
        let now = self.accounts.clock.now();
        let context = self.caller_context(caller, AuditAction::RevokeKey, id, now);
        self.store.revoke_key(&context, key.id).await
    }

    /// Replaces a key of the caller by a new one with the same name, scopes and length of life. The
    /// replaced key stays valid for the overlap, but never longer than before.
    ///
    /// # Errors
    /// [`Error::Forbidden`] also for the key of another user, whose secret would be returned;
    /// [`Error::NotFound`], [`Error::KeyInactive`], [`Error::Invalid`] if the caller lacks a scope,
    /// [`Error::TooManyKeys`].
    pub async fn rotate(
        &self,
        caller: &Caller,
        rotation: KeyRotation,
    ) -> Result<(ListedKey, ApiKey)> {
        caller.require(Permission::ManageOwnKeys)?;
        caller.require_recent(self.accounts.clock.now())?;
        let user = self.accounts.me(caller).await?;
        retry_on_conflict(|| async {
            let key = self.find_for(caller, rotation.id).await?;
            if key.user_id != caller.user_id {
                return Err(Error::Forbidden(Permission::ManageOwnKeys));
            }
            if !matches!(caller.grant, Grant::Session(_)) {
                require_scopes(caller, &key.scopes)?;
            }
            let now = self.accounts.clock.now();
            let context = self.caller_context(caller, AuditAction::RotateKey, key.id, now);
            let stored = self.replace(&context, key, rotation, now).await?;
            Ok(stored.map(|(new, secret)| (listed(new, Some(user.clone()), now), secret)))
        })
        .await
    }

    /// Finds a key that the caller may manage. A key of another user does not exist for others.
    async fn find_for(&self, caller: &Caller, id: ApiKeyId) -> Result<IssuedKey> {
        let may_any = caller.may(Permission::ManageAnyKeys);
        if !may_any {
            caller.require(Permission::ManageOwnKeys)?;
        }
        let key = self.store.find_current(id).await?;
        let now = self.accounts.clock.now();
        key.filter(|key| may_any || key.user_id == caller.user_id)
            .filter(|key| !key.is_forgotten(now))
            .ok_or(Error::NotFound(Resource::ApiKey))
    }

    /// Builds the context of a caller's write. The record names the changed key, not the used one.
    fn caller_context(
        &self,
        caller: &Caller,
        action: AuditAction,
        id: ApiKeyId,
        now: Timestamp,
    ) -> WriteContext {
        WriteContext {
            key: Some(id),
            ..caller.context(action, self.accounts.ids.as_ref(), now)
        }
    }
}

fn listed(key: IssuedKey, user: Option<User>, now: Timestamp) -> ListedKey {
    let state = key.state(now);
    ListedKey { key, user, state }
}

/// A key cannot have permissions that its creator lacks.
fn require_scopes(caller: &Caller, scopes: &Scopes) -> Result<()> {
    let missing = scopes.iter().find(|scope| !caller.may(*scope));
    missing.map_or(Ok(()), |scope| {
        let detail = format!("must contain only your own permissions; you do not have {scope}");
        Err(FieldErrors::one("/scopes", Code::OutOfRange, detail).into())
    })
}
