use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented, ResponseBuilder},
};

use super::{field, insert};

/// 303 for a browser, with cookies.
pub(crate) struct SeeOther {
    location: String,
    cookies: Vec<HeaderValue>,
}

impl SeeOther {
    pub(crate) fn to(location: String) -> Self {
        Self {
            location,
            cookies: Vec::new(),
        }
    }

    /// Adds a `Set-Cookie`.
    pub(crate) fn with(mut self, cookie: HeaderValue) -> Self {
        self.cookies.push(cookie);
        self
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        insert(&mut headers, header::LOCATION, &self.location);
        for cookie in self.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

impl IntoResponses for SeeOther {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = ResponseBuilder::new()
            .description("The browser continues at another address")
            .header("Location", field("The address"))
            .header("Set-Cookie", field("Cookies of the sign-in"));
        BTreeMap::from([("303".to_owned(), response.build().into())])
    }
}
