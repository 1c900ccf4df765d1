use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use tintero_domain::{
    freshness::Lasting,
    redirects::{Redirects, Resolved, Whither},
    values::{OldPath, ValueError},
};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        ObjectBuilder,
        path::{Parameter, ParameterIn},
    },
};
use uuid::Uuid;

use crate::{
    body::Text,
    extract::{Parameters, Params, Query, parameters},
    problem::{GoneResponse, Problem},
    respond::{Public, View},
    routes::posts::place,
};

/// Where an old address leads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resolution {
    /// The path and query where the post is now, or the address to which a redirect leads.
    #[schema(format = "uri-reference")]
    location: String,
    /// The status with which to redirect.
    status: u16,
    /// The post; null where a redirect leads elsewhere.
    #[schema(required)]
    post_id: Option<Uuid>,
}

impl From<Resolved> for Resolution {
    fn from(resolved: Resolved) -> Self {
        let Resolved { to, permanent } = resolved;
        let status = if permanent {
            StatusCode::PERMANENT_REDIRECT
        } else {
            StatusCode::TEMPORARY_REDIRECT
        };
        let (location, post_id) = match to {
            Whither::Post(id, address) => (place(&address), Some(id.uuid())),
            Whither::Place(place) => (place.into(), None),
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

/// The path that somebody came to.
pub(super) struct OldAddress(OldPath);

impl Parameters for OldAddress {
    fn read(params: &mut Params) -> Option<Self> {
        let about = "A path of the site, raw or percent-encoded.";
        let asked: Option<Asked> = params.required("path", about);
        asked.map(|Asked(path)| Self(path))
    }
}

/// A path that is asked for, of which query and fragment are cut off.
struct Asked(OldPath);

impl Text for Asked {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        OldPath::asked(raw).map(Self)
    }

    fn schema() -> ObjectBuilder {
        <OldPath as Text>::schema().pattern(Some("^/([^/].*)?$"))
    }
}

impl IntoParams for OldAddress {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Says where an old address leads: to the post that was there, or where a redirect says.
///
/// Never a chain: the answer is where the way ends. `status` is 308, or 307 where it is not for good.
#[utoipa::path(
    get,
    path = "/v1/redirects/resolve",
    tag = "redirects",
    params(OldAddress),
    responses(GoneResponse)
)]
pub(super) async fn resolve_redirect(
    State(redirects): State<Redirects>,
    Query(OldAddress(path)): Query<OldAddress>,
) -> Result<Public<Resolution>, Problem> {
    let Lasting { what, quiet } = redirects.resolve(path).await?;
    Ok(Public {
        view: what.into(),
        modified: None,
        quiet,
    })
}
