use serde::Serialize;
use tintero_domain::{
    access::{Caller, Permission},
    accounts::{ApiKey, IssuedKey, KeyState, ListedKey, User},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::{
    base_path::prefixed,
    respond::{CreatedSecret, View, names},
};

/// An API key. Its secret is not stored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    /// The id of the key.
    id: Uuid,
    /// The name, such as that of the program that uses it.
    name: String,
    /// The user of the key.
    owner: KeyOwner,
    /// The permissions of the key. The role of the user limits them.
    scopes: Vec<String>,
    #[schema(schema_with = states)]
    state: &'static str,
    /// The actions that the caller may perform on the key now.
    allowed: Vec<&'static str>,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Expiry; null if the key does not expire. Expired keys are kept for 30 days.
    #[schema(format = DateTime, required)]
    expires_at: Option<String>,
    /// Time of revocation. Revoked keys are kept for 30 days.
    #[schema(format = DateTime, required)]
    revoked_at: Option<String>,
    /// Time of the last use, up to five minutes too early; null if the key was never used.
    #[schema(format = DateTime, required)]
    last_used_at: Option<String>,
}

/// The user of an API key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyOwner)]
pub(crate) struct KeyOwner {
    /// The id of the user.
    id: Uuid,
    /// The display name; null if the user was deleted.
    #[schema(required)]
    display_name: Option<String>,
}

fn states() -> Object {
    let all = [KeyState::Active, KeyState::Expired, KeyState::Revoked];
    names(all.map(KeyState::as_str), "The state of the key.")
}

impl ApiKeyView {
    pub(super) fn of(listed: ListedKey, caller: &Caller) -> Self {
        let allowed = allowed(&listed, caller);
        let ListedKey { key, user, state } = listed;
        let IssuedKey {
            id,
            name,
            user_id,
            digest: _,
            scopes,
            created_at,
            valid_until,
            revoked_at,
            last_used_at,
        } = key;
        let display_name = user.map(|User { display_name, .. }| display_name.into());
        Self {
            id: id.uuid(),
            name: name.into(),
            owner: KeyOwner {
                id: user_id.uuid(),
                display_name,
            },
            scopes: scopes.into(),
            state: state.as_str(),
            allowed,
            created_at: created_at.into(),
            expires_at: valid_until.map(Into::into),
            revoked_at: revoked_at.map(Into::into),
            last_used_at: last_used_at.map(Into::into),
        }
    }
}

/// The names of the operations on the key.
fn allowed(listed: &ListedKey, caller: &Caller) -> Vec<&'static str> {
    let is_own = listed.key.user_id == caller.user_id && caller.may(Permission::ManageOwnKeys);
    let is_active = listed.state == KeyState::Active;
    let may_revoke = is_own || caller.may(Permission::ManageAnyKeys);
    let actions = [("rotate", is_own), ("revoke", may_revoke)].into_iter();
    actions
        .filter_map(|(name, may)| (may && is_active).then_some(name))
        .collect()
}

impl View for ApiKeyView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            name: "site build".to_owned(),
            owner: KeyOwner {
                id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
                display_name: Some("Ana García".to_owned()),
            },
            scopes: vec![Permission::ReadPosts.as_str().to_owned()],
            state: KeyState::Active.as_str(),
            allowed: vec!["rotate", "revoke"],
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            expires_at: Some("2027-02-20T10:00:00.000Z".to_owned()),
            revoked_at: None,
            last_used_at: None,
        }
    }
}

/// A new API key with its secret, which is not shown again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssuedApiKey)]
pub(crate) struct IssuedApiKeyView {
    /// The key without its secret.
    api_key: ApiKeyView,
    /// The text for `Authorization: ApiKey <secret>`.
    secret: String,
}

impl IssuedApiKeyView {
    pub(super) fn of(
        (listed, secret): (ListedKey, ApiKey),
        caller: &Caller,
    ) -> CreatedSecret<Self> {
        CreatedSecret {
            location: prefixed(format!("/v1/api-keys/{}", listed.key.id)),
            view: Self {
                api_key: ApiKeyView::of(listed, caller),
                secret: secret.expose().to_owned(),
            },
        }
    }
}

impl View for IssuedApiKeyView {
    fn example() -> Self {
        Self {
            api_key: ApiKeyView::example(),
            secret: "tin_01912d68783e7a0384675661c1243ad7_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11Gs1Au"
                .to_owned(),
        }
    }
}
