use std::{collections::BTreeMap, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tintero_domain::freshness::Lasting;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{RefOr, Response as Documented},
};

use super::{View, bytes_of, documented, field, insert, json_headers};

/// 308: the resource has another address now. Kept for a short time, as addresses change again.
pub(crate) struct Moved {
    to: NewAddress,
    quiet: Option<Duration>,
}

/// The longest that a redirection is kept.
const KEPT: Duration = Duration::from_mins(5);

/// Where something is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NewAddress {
    /// The path and query to ask instead.
    #[schema(format = "uri-reference")]
    pub(crate) location: String,
}

impl View for NewAddress {
    fn example() -> Self {
        Self {
            location: "/v1/posts/by-slug/programacion-en-espana?locale=es".to_owned(),
        }
    }
}

impl Moved {
    /// To this path and query, for as long as that is planned to stay so.
    pub(crate) fn to(Lasting { what, quiet }: Lasting<String>) -> Self {
        let to = NewAddress { location: what };
        Self { to, quiet }
    }
}

impl IntoResponse for Moved {
    fn into_response(self) -> Response {
        let seconds = self.quiet.unwrap_or(KEPT).min(KEPT).as_secs();
        let mut headers = json_headers(HeaderValue::from_static("public"));
        let kept = format!("public, max-age={seconds}");
        insert(&mut headers, header::CACHE_CONTROL, &kept);
        insert(&mut headers, header::LOCATION, &self.to.location);
        (StatusCode::PERMANENT_REDIRECT, headers, bytes_of(&self.to)).into_response()
    }
}

impl IntoResponses for Moved {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<NewAddress>("It has another address now")
            .header("Location", field("The address to ask instead"));
        BTreeMap::from([("308".to_owned(), response.build().into())])
    }
}
