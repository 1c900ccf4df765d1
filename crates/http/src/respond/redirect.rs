use std::{collections::BTreeMap, time::Duration};

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use tintero_domain::freshness::Cacheable;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{RefOr, Response as Documented, ResponseBuilder},
};

use super::{CachePolicy, Shareable, View, bytes_of, documented, field, insert, json_headers};

/// 308: the resource has another URL. Caches store it for a short time, because URLs change again.
pub(crate) struct Moved {
    to: NewAddress,
    fresh_for: Option<Duration>,
}

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
        let shareable = Shareable {
            policy: CachePolicy::Moved,
            fresh_for: self.fresh_for,
        };
        let mut headers = json_headers(shareable.policy.field(self.fresh_for));
        insert(&mut headers, header::LOCATION, &self.to.location);
        let body = bytes_of(&self.to);
        let status = StatusCode::PERMANENT_REDIRECT;
        (status, Extension(shareable), headers, body).into_response()
    }
}

impl IntoResponses for Moved {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<NewAddress>("The resource has another URL")
            .header("Location", field("The URL of the resource"));
        BTreeMap::from([("308".to_owned(), response.build().into())])
    }
}

/// 307: the image store has the file. The URL is valid for a short time.
pub(crate) struct InStore {
    /// A URL with a signature.
    pub(crate) url: String,
}

impl IntoResponse for InStore {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, FOR_TEN_MINUTES);
        insert(&mut headers, header::LOCATION, &self.url);
        (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
    }
}

/// Shorter than the validity of the URL.
const FOR_TEN_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=600");

impl IntoResponses for InStore {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = ResponseBuilder::new()
            .description("The file is larger than the front of the server delivers; the image store delivers it")
            .header("Location", field("A URL of the store, valid for a short time"));
        BTreeMap::from([("307".to_owned(), response.build().into())])
    }
}
