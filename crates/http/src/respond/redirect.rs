use std::{collections::BTreeMap, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tintero_domain::freshness::Cacheable;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{RefOr, Response as Documented},
};

use super::{View, bytes_of, documented, field, insert, json_headers};

/// 308: the resource has another URL. Caches store it for a short time, because URLs change again.
pub(crate) struct Moved {
    to: NewAddress,
    fresh_for: Option<Duration>,
}

/// Maximum time in caches.
const MAX_AGE: Duration = Duration::from_mins(5);

/// The current URL of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct NewAddress {
    /// The path and query of the resource.
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
    /// Redirects to a path and query.
    pub(crate) fn to(Cacheable { value, fresh_for }: Cacheable<String>) -> Self {
        let to = NewAddress { location: value };
        Self { to, fresh_for }
    }
}

impl IntoResponse for Moved {
    fn into_response(self) -> Response {
        let seconds = self.fresh_for.unwrap_or(MAX_AGE).min(MAX_AGE).as_secs();
        let mut headers = json_headers(HeaderValue::from_static("public"));
        let cache = format!("public, max-age={seconds}");
        insert(&mut headers, header::CACHE_CONTROL, &cache);
        insert(&mut headers, header::LOCATION, &self.to.location);
        (StatusCode::PERMANENT_REDIRECT, headers, bytes_of(&self.to)).into_response()
    }
}

impl IntoResponses for Moved {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<NewAddress>("The resource has another URL")
            .header("Location", field("The URL of the resource"));
        BTreeMap::from([("308".to_owned(), response.build().into())])
    }
}
