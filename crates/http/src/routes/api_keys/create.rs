use axum::extract::State;
use tintero_domain::{
    accounts::{ApiKeys, Lifetime, NewOwnKey},
    values::Timestamp,
};

use super::IssuedApiKeyView;
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::CreatedSecret,
};

/// A new API key.
pub(crate) struct CreateApiKey(NewOwnKey);

impl RequestObject for CreateApiKey {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The name, such as that of the program that uses the key.";
        let name = fields.required("name", about);
        let about = "The permissions of the key, which the caller must have. `import` is short for those of an import.";
        let scopes = fields.required("scopes", about);
        let about = "The expiry. Default: in 90 days. Null: the key does not expire.";
        let lifetime = match fields.clearable::<Timestamp>("expires_at", about) {
            None => Lifetime::USUAL,
            Some(None) => Lifetime::Endless,
            Some(Some(end)) => Lifetime::Until(end),
        };
        build(move || {
            Some(Self(NewOwnKey {
                name: name?,
                scopes: scopes?,
                lifetime,
            }))
        })
    }
}

impl Body for CreateApiKey {
    const SECRET: bool = true;
}

described!(CreateApiKey);

/// Creates an API key of the caller.
///
/// The secret is returned once; only its hash is stored.
#[utoipa::path(post, path = "/v1/api-keys", tag = "users", security(("bearer" = [])),
    request_body(content = CreateApiKey, example = json!({"name": "site build", "scopes": ["posts:read"]})))]
pub(super) async fn create_api_key(
    State(keys): State<ApiKeys>,
    Write { caller, body }: Write<CreateApiKey>,
) -> Result<CreatedSecret<IssuedApiKeyView>, Problem> {
    let created = keys.create(&caller, body.0).await?;
    Ok(IssuedApiKeyView::of(created, &caller))
}
