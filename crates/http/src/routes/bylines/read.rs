use axum::extract::State;
use http::Uri;
use tintero_domain::{
    bylines::{BylineLookup, Bylines},
    freshness::Cacheable,
    values::{BylineId, IdOrSlug},
};

use super::BylineView;
use crate::{
    base_path::prefixed,
    extract::{NoQuery, PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Either, Listed, Moved, Shared, Tagged},
    routes::parameters::path_params,
};

/// Lists bylines, newest first.
#[utoipa::path(get, path = "/v1/bylines", tag = "bylines", params(PageParams))]
pub(super) async fn list_bylines(
    State(bylines): State<Bylines>,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<BylineView>, Problem> {
    let page = bylines.list(&page).await?;
    Ok(Listed::new(
        page,
        &uri,
        Audience::Public { fresh_for: None },
    ))
}

path_params! {
    /// The path of a byline.
    BylineParam: "id", IdOrSlug<BylineId>, "The id or slug of the byline.";
}

/// Returns a byline.
///
/// A former slug responds 308 with the URL of its byline.
#[utoipa::path(get, path = "/v1/bylines/{id}", tag = "bylines", params(BylineParam))]
pub(super) async fn get_byline(
    State(bylines): State<Bylines>,
    Path(name): Path<IdOrSlug<BylineId>>,
    _: NoQuery,
) -> Result<Either<Shared<Tagged<BylineView>>, Moved>, Problem> {
    Ok(match bylines.get(&name).await? {
        BylineLookup::Found(byline) => Either::first(Shared {
            response: byline.into(),
            fresh_for: None,
        }),
        BylineLookup::Moved(id) => Either::second(Moved::to(Cacheable {
            value: prefixed(format!("/v1/bylines/{id}")),
            fresh_for: None,
        })),
    })
}
