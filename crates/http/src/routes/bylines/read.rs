use axum::extract::State;
use http::Uri;
use tintero_domain::{
    access::ManagedKind,
    bylines::{BylineLookup, Bylines},
    freshness::Cacheable,
    values::{BylineId, IdOrSlug},
};

use super::{BylineView, tagged};
use crate::{
    base_path::prefixed,
    extract::{NoQuery, OptionalCaller, PageParams, Path, Query},
    problem::{GoneResponse, Problem},
    respond::{Audience, Either, Listed, Moved, Shared, Tagged},
    routes::parameters::path_params,
};

/// Lists bylines, newest first.
#[utoipa::path(get, path = "/v1/bylines", tag = "bylines", security((), ("bearer" = [])), params(PageParams))]
pub(super) async fn list_bylines(
    State(bylines): State<Bylines>,
    caller: OptionalCaller,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<BylineView>, Problem> {
    let allowed = caller.allowed_on(ManagedKind::Byline);
    let page = bylines.list(&page).await?;
    let page = page.map(|byline| BylineView::of(byline, allowed.clone()));
    let audience = caller.audience(Audience::Public { fresh_for: None });
    Ok(Listed::new::<BylineView>(page, &uri, audience))
}

path_params! {
    /// The path of a byline.
    BylineParam: "id", IdOrSlug<BylineId>, "The id or slug of the byline.";
}

/// Returns a byline.
///
/// A merged byline responds 308 with the URL of its replacement, and a former slug with that of its byline.
#[utoipa::path(get, path = "/v1/bylines/{id}", tag = "bylines", security((), ("bearer" = [])), params(BylineParam), responses(GoneResponse))]
pub(super) async fn get_byline(
    State(bylines): State<Bylines>,
    caller: OptionalCaller,
    Path(name): Path<IdOrSlug<BylineId>>,
    _: NoQuery,
) -> Result<Either<Shared<Tagged<BylineView>>, Moved>, Problem> {
    Ok(match bylines.get(&name).await? {
        BylineLookup::Found(byline) => Either::first(Shared {
            response: tagged(byline, caller.allowed_on(ManagedKind::Byline)),
            fresh_for: None,
        }),
        BylineLookup::Moved(id) => Either::second(Moved::to(Cacheable {
            value: prefixed(format!("/v1/bylines/{id}")),
            fresh_for: None,
        })),
    })
}
