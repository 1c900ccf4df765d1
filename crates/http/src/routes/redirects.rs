use axum::extract::State;
use serde::Serialize;
use tintero_domain::{freshness::Lasting, posts::Posts, values::OldPath};
use utoipa::{
    IntoParams, ToSchema,
    openapi::path::{Parameter, ParameterIn},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::posts::place;
use crate::{
    app::App,
    extract::{Parameters, Params, Query, parameters},
    problem::{GoneResponse, Problem},
    respond::{Public, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(resolve_redirect))
}

/// Where an old address leads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Redirect {
    /// The path and query where the post is now.
    #[schema(format = "uri-reference")]
    location: String,
    /// The status with which to redirect.
    status: u16,
    /// The post.
    post_id: Uuid,
}

impl View for Redirect {
    fn example() -> Self {
        Self {
            location: "/v1/posts/by-slug/servicios-en-aws?locale=es".to_owned(),
            status: 308,
            post_id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4),
        }
    }
}

/// An address that a post had elsewhere.
struct OldAddress(OldPath);

impl Parameters for OldAddress {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "The path that a post had elsewhere, raw or percent-encoded.";
        params.required("path", about).map(Self)
    }
}

impl IntoParams for OldAddress {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Says where the post with an old address is now.
#[utoipa::path(
    get,
    path = "/v1/redirects/resolve",
    tag = "posts",
    params(OldAddress),
    responses(GoneResponse)
)]
async fn resolve_redirect(
    State(posts): State<Posts>,
    Query(OldAddress(path)): Query<OldAddress>,
) -> Result<Public<Redirect>, Problem> {
    let Lasting { what, quiet } = posts.resolve_redirect(path).await?;
    let (id, address) = what;
    let view = Redirect {
        location: place(&address),
        status: 308,
        post_id: id.uuid(),
    };
    Ok(Public {
        view,
        modified: None,
        quiet,
    })
}
