use axum::extract::State;
use tintero_domain::{access::Caller, redirects::Redirects, values::RedirectId};

use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::NoContent,
};

/// Removes a redirect that was made by hand; its path is free again.
///
/// A redirect never changes, so no `If-Match` is needed.
#[utoipa::path(delete, path = "/v1/redirects/{id}", tag = "redirects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which one.")))]
pub(super) async fn delete_redirect(
    State(redirects): State<Redirects>,
    caller: Caller,
    Path(id): Path<RedirectId>,
    _: NoQuery,
) -> Result<NoContent, Problem> {
    redirects.delete(&caller, id).await?;
    Ok(NoContent)
}
