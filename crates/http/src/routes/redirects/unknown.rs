use axum::extract::State;
use http::Uri;
use serde::Serialize;
use tintero_domain::{
    access::Caller,
    redirects::{self, Redirects},
};
use utoipa::ToSchema;

use super::resolve::ResolveParams;
use crate::{
    extract::{PageParams, Query},
    problem::Problem,
    respond::{Audience, Listed, NoContent, View},
};

/// A path that was requested and that neither a redirect nor a post has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnknownAddress)]
pub(crate) struct UnknownAddressView {
    /// The path, percent-decoded. Send it as `from` to create a redirect.
    path: String,
    /// The number of requests since the path is in the list.
    count: u64,
    /// Time of the last request.
    #[schema(format = DateTime)]
    last_requested_at: String,
}

impl From<redirects::UnknownAddress> for UnknownAddressView {
    fn from(address: redirects::UnknownAddress) -> Self {
        Self {
            path: address.path.into(),
            count: address.count,
            last_requested_at: address.last_at.into(),
        }
    }
}

impl View for UnknownAddressView {
    fn example() -> Self {
        Self {
            path: "/2019/03/hola.html".to_owned(),
            count: 42,
            last_requested_at: "2026-11-22T10:00:00.000Z".to_owned(),
        }
    }
}

/// Lists the paths that `resolve_redirect` did not find, the most frequent first.
///
/// Contains at most 512 paths of at most 256 bytes that were requested in the last 30 days; if there are more, rare ones
/// are replaced. Other servers add their counts once a minute. A path that a redirect or a post has by now is omitted, so
/// `POST /v1/redirects` also removes its `from` from this list. A page can be short although more follow.
#[utoipa::path(get, path = "/v1/redirects/unknown", tag = "redirects", security(("bearer" = [])), params(PageParams))]
pub(super) async fn list_unknown_addresses(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<UnknownAddressView>, Problem> {
    let page = redirects.list_unknown_addresses(&caller, &page).await?;
    Ok(Listed::new(page, &uri, Audience::Caller))
}

/// Hides an unknown path.
///
/// It stays hidden until it was not requested for 30 days.
#[utoipa::path(delete, path = "/v1/redirects/unknown", tag = "redirects", security(("bearer" = [])), params(ResolveParams))]
pub(super) async fn dismiss_unknown_address(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(ResolveParams { path }): Query<ResolveParams>,
) -> Result<NoContent, Problem> {
    redirects.dismiss_unknown_address(&caller, &path.0).await?;
    Ok(NoContent)
}
