use axum::extract::State;
use http::Uri;
use tintero_domain::{
    bylines::Bylines,
    page::PageRequest,
    values::{BylineId, IdOrSlug},
};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::Byline;
use crate::{
    extract::{NoQuery, Parameters, Params, Path, Query, page, parameters},
    problem::Problem,
    respond::{Audience, Listed, Tagged},
};

/// A page of bylines that somebody asked for.
pub(super) struct ListBylines(PageRequest);

impl Parameters for ListBylines {
    fn read(params: &mut Params) -> Option<Self> {
        Some(Self(page(params)))
    }
}

impl IntoParams for ListBylines {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists bylines, the newest first.
#[utoipa::path(get, path = "/v1/bylines", tag = "bylines", params(ListBylines))]
pub(super) async fn list_bylines(
    State(bylines): State<Bylines>,
    Query(ListBylines(page)): Query<ListBylines>,
    uri: Uri,
) -> Result<Listed<Byline>, Problem> {
    let page = bylines.list(&page).await?;
    Ok(Listed::new(page, &uri, Audience::Public { quiet: None }))
}

/// Shows a byline.
#[utoipa::path(get, path = "/v1/bylines/{id}", tag = "bylines",
    params(("id" = String, Path, description = "The byline, by id or slug.")))]
pub(super) async fn get_byline(
    State(bylines): State<Bylines>,
    Path(name): Path<IdOrSlug<BylineId>>,
    _: NoQuery,
) -> Result<Tagged<Byline>, Problem> {
    let byline = bylines.get(&name).await?;
    Ok(byline.into())
}
