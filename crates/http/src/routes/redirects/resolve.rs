use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use tintero_domain::{
    freshness::Cacheable,
    redirects::{Redirects, ResolvedRedirect, ResolvedTarget},
    values::{OldPath, ValueError},
};
use utoipa::{ToSchema, openapi::ObjectBuilder};
use uuid::Uuid;

use crate::{
    body::{Built, Text, build},
    extract::{Parameters, Params, Query, documented_params},
    problem::{GoneResponse, Problem},
    respond::{Public, View},
    routes::posts::public_path,
};

/// The target of a path.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resolution {
    /// The current path and query of the post, or the target of the redirect.
    #[schema(format = "uri-reference")]
    location: String,
    /// The HTTP status code of the redirect.
    status: u16,
    /// The id of the post; null if the target is not a post.
    #[schema(required)]
    post_id: Option<Uuid>,
}

impl From<ResolvedRedirect> for Resolution {
    fn from(resolved: ResolvedRedirect) -> Self {
        let ResolvedRedirect { to, permanent } = resolved;
        let status = if permanent {
            StatusCode::PERMANENT_REDIRECT
        } else {
            StatusCode::TEMPORARY_REDIRECT
        };
        let (location, post_id) = match to {
            ResolvedTarget::Post(id, address) => (public_path(&address), Some(id.uuid())),
            ResolvedTarget::Location(location) => (location.into(), None),
        };
        Self {
            location,
            status: status.as_u16(),
            post_id,
        }
    }
}

impl View for Resolution {
    fn example() -> Self {
        Self {
            location: "/v1/posts/by-slug/servicios-en-aws?locale=es".to_owned(),
            status: 308,
            post_id: Some(Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4)),
        }
    }
}

/// The query string of `resolve_redirect` and `dismiss_unknown_address`.
pub(super) struct ResolveParams {
    pub(super) path: RequestedPath,
}

impl Parameters for ResolveParams {
    fn read(params: &mut Params) -> Built<Self> {
        let path = params.required("path", "The path, raw or percent-encoded.");
        build(move || Some(Self { path: path? }))
    }
}

documented_params!(ResolveParams);

/// A path without query and fragment.
pub(super) struct RequestedPath(pub(super) OldPath);

impl Text for RequestedPath {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        OldPath::asked(raw).map(Self)
    }

    fn schema() -> ObjectBuilder {
        <OldPath as Text>::schema().pattern(Some("^/([^/].*)?$"))
    }
}

/// Resolves a former path.
///
/// Returns the post that had the path, or the target of a redirect. Follows chains to their end. `status` is 308, or
/// 307 if a redirect in the chain is temporary.
#[utoipa::path(
    get,
    path = "/v1/redirects/resolve",
    tag = "redirects",
    params(ResolveParams),
    responses(GoneResponse)
)]
pub(super) async fn resolve_redirect(
    State(redirects): State<Redirects>,
    Query(ResolveParams { path }): Query<ResolveParams>,
) -> Result<Public<Resolution>, Problem> {
    let Cacheable { value, fresh_for } = redirects.resolve(path.0).await?;
    Ok(Public {
        view: value.into(),
        modified: None,
        fresh_for,
    })
}
