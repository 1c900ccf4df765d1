use axum::extract::State;
use http::Uri;
use tintero_domain::{
    bylines::Bylines,
    values::{BylineId, IdOrSlug},
};

use super::BylineView;
use crate::{
    extract::{NoQuery, PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, Shared, Tagged},
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
#[utoipa::path(get, path = "/v1/bylines/{id}", tag = "bylines", params(BylineParam))]
pub(super) async fn get_byline(
    State(bylines): State<Bylines>,
    Path(name): Path<IdOrSlug<BylineId>>,
    _: NoQuery,
) -> Result<Shared<Tagged<BylineView>>, Problem> {
    let byline = bylines.get(&name).await?;
    Ok(Shared {
        response: byline.into(),
        fresh_for: None,
    })
}
