use axum::extract::State;
use tintero_domain::{access::Caller, accounts::ApiKeys, values::ApiKeyId};

use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::NoContent,
};

/// Revokes an API key.
///
/// This server rejects the key at once, others within five seconds. Revoking a key twice is not an error.
#[utoipa::path(delete, path = "/v1/api-keys/{id}", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The API key.")))]
pub(super) async fn revoke_api_key(
    State(keys): State<ApiKeys>,
    caller: Caller,
    Path(id): Path<ApiKeyId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    keys.revoke_for(&caller, id).await?;
    Ok(NoContent)
}
