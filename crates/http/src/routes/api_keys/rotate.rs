use std::time::Duration;

use axum::extract::State;
use tintero_domain::{
    accounts::{ApiKeys, KeyRotation},
    values::ApiKeyId,
};

use super::IssuedApiKeyView;
use crate::{
    body::{Body, Built, FieldReader, RequestObject, Seconds, described},
    extract::Unversioned,
    problem::Problem,
    respond::CreatedSecret,
};

/// A rotation of an API key.
pub(crate) struct RotateApiKey {
    overlap: Duration,
}

const MAX_OVERLAP: u64 = KeyRotation::MAX_OVERLAP.as_secs();

impl RequestObject for RotateApiKey {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The time in seconds for which the replaced key stays valid. Default: one day.";
        let overlap = fields.optional::<Seconds<MAX_OVERLAP>>("overlap_seconds", about);
        let overlap = overlap.map(|Seconds(seconds)| Duration::from_secs(seconds));
        Built::from(Self {
            overlap: overlap.unwrap_or(KeyRotation::USUAL_OVERLAP),
        })
    }
}

impl Body for RotateApiKey {
    const OPTIONAL: bool = true;
    const SECRET: bool = true;
}

described!(RotateApiKey);

/// Replaces an API key of the caller by a new one.
///
/// The new key has the same name, scopes and length of life. Its secret is returned once. The replaced key stays valid
/// for the overlap, but never longer than before.
#[utoipa::path(post, path = "/v1/api-keys/{id}/rotate", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The API key.")),
    request_body(content = Option<RotateApiKey>, example = json!({"overlap_seconds": 3600})))]
pub(super) async fn rotate_api_key(
    State(keys): State<ApiKeys>,
    Unversioned { caller, id, body }: Unversioned<RotateApiKey, ApiKeyId>,
) -> Result<CreatedSecret<IssuedApiKeyView>, Problem> {
    let rotation = KeyRotation {
        id,
        overlap: body.overlap,
    };
    let created = keys.rotate(&caller, rotation).await?;
    Ok(IssuedApiKeyView::of(created, &caller))
}
