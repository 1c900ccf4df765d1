use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, redirects::Redirects, values::RedirectId};

use super::view::{RedirectView, tagged};
use crate::{
    extract::{NoQuery, PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, Tagged},
};

/// Lists redirects, newest first.
#[utoipa::path(get, path = "/v1/redirects", tag = "redirects", security(("bearer" = [])), params(PageParams))]
pub(super) async fn list_redirects(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<RedirectView>, Problem> {
    let page = redirects.list(&caller, &page).await?;
    let page = page.map(|redirect| RedirectView::of(redirect, &caller));
    Ok(Listed::new::<RedirectView>(page, &uri, Audience::Caller))
}

/// Returns a redirect.
#[utoipa::path(get, path = "/v1/redirects/{id}", tag = "redirects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the redirect.")))]
pub(super) async fn get_redirect(
    State(redirects): State<Redirects>,
    caller: Caller,
    Path(id): Path<RedirectId>,
    _: NoQuery,
) -> Result<Tagged<RedirectView>, Problem> {
    let redirect = redirects.get(&caller, id).await?;
    Ok(tagged(redirect, &caller))
}
