use axum::extract::State;
use tintero_domain::{access::Caller, redirects::Redirects, values::RedirectId};

use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::NoContent,
};

/// Deletes a redirect.
///
/// Releases its path. Redirects never change, so `If-Match` is not required.
#[utoipa::path(delete, path = "/v1/redirects/{id}", tag = "redirects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the redirect.")))]
pub(super) async fn delete_redirect(
    State(redirects): State<Redirects>,
    caller: Caller,
    Path(id): Path<RedirectId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    redirects.delete(&caller, id).await?;
    Ok(NoContent)
}
