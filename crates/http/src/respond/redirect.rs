use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{RefOr, Response as Documented},
};

use super::{View, bytes_of, documented, field, insert, json_headers};

/// 308: the resource has another address now. Kept for a short time, as addresses change again.
pub(crate) struct Moved(pub(crate) NewAddress);

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
    /// To this path and query.
    pub(crate) fn to(location: String) -> Self {
        Self(NewAddress { location })
    }
}

impl IntoResponse for Moved {
    fn into_response(self) -> Response {
        let mut headers = json_headers(HeaderValue::from_static("public, max-age=300"));
        insert(&mut headers, header::LOCATION, &self.0.location);
        (StatusCode::PERMANENT_REDIRECT, headers, bytes_of(&self.0)).into_response()
    }
}

impl IntoResponses for Moved {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<NewAddress>("It has another address now")
            .header("Location", field("The address to ask instead"));
        BTreeMap::from([("308".to_owned(), response.build().into())])
    }
}
