//! The settings of the site that shows the posts.

mod patch;
mod view;

use axum::extract::State;
use tintero_domain::{access::ManagedKind, freshness::Freshness, site::Sites};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::view::SiteView;
use self::{patch::PatchSite, view::tagged};
use crate::{
    app::App,
    extract::{EditSingleton, NoQuery, OptionalCaller},
    problem::Problem,
    respond::{Shared, Tagged},
    routes::{allowed::names, parameters::SingletonParams},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_site, update_site))
}

/// Returns the settings of the site.
///
/// The default language of posts and the paths in exports follow from them. Before the first change, `version` is 1 and the members
/// have their defaults.
#[utoipa::path(get, path = "/v1/site", tag = "site", security((), ("bearer" = [])))]
async fn get_site(
    State(sites): State<Sites>,
    caller: OptionalCaller,
    _: NoQuery,
) -> Result<Shared<Tagged<SiteView>>, Problem> {
    let site = sites.get(Freshness::Now).await?;
    Ok(Shared {
        response: tagged(&site, caller.allowed_on(ManagedKind::Site)),
        fresh_for: None,
    })
}

/// Changes the settings of the site.
#[utoipa::path(patch, path = "/v1/site", tag = "site", security(("bearer" = [])),
    params(SingletonParams),
    request_body(content = PatchSite, content_type = "application/merge-patch+json",
        example = json!({"base_url": "https://example.org", "post_path": "/{year}/{month}/{slug}/"})))]
async fn update_site(
    State(sites): State<Sites>,
    EditSingleton { caller, base, body }: EditSingleton<PatchSite>,
) -> Result<Tagged<SiteView>, Problem> {
    let site = sites.update(&caller, base.version, body.0).await?;
    let allowed = names(caller.allowed_on(ManagedKind::Site));
    Ok(tagged(&site, Some(allowed)))
}
