use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, page::PageRequest, redirects::Redirects, values::RedirectId};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::Redirect;
use crate::{
    extract::{NoQuery, Parameters, Params, Path, Query, page, parameters},
    problem::Problem,
    respond::{Audience, Listed, Tagged},
};

/// Which page of the redirects.
pub(super) struct Which(PageRequest);

impl Parameters for Which {
    fn read(params: &mut Params) -> Option<Self> {
        Some(Self(page(params)))
    }
}

impl IntoParams for Which {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists the redirects that were made by hand, the newest first.
#[utoipa::path(get, path = "/v1/redirects", tag = "redirects", security(("bearer" = [])), params(Which))]
pub(super) async fn list_redirects(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(Which(page)): Query<Which>,
    uri: Uri,
) -> Result<Listed<Redirect>, Problem> {
    let found = redirects.list(&caller, &page).await?;
    Ok(Listed::new(found, &uri, Audience::Caller))
}

/// Shows a redirect that was made by hand.
#[utoipa::path(get, path = "/v1/redirects/{id}", tag = "redirects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which one.")))]
pub(super) async fn get_redirect(
    State(redirects): State<Redirects>,
    caller: Caller,
    Path(id): Path<RedirectId>,
    _: NoQuery,
) -> Result<Tagged<Redirect>, Problem> {
    let redirect = redirects.get(&caller, id).await?;
    Ok(redirect.into())
}
