use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented, ResponseBuilder},
};

use super::field;

/// 204 with a change of the session cookie.
pub(crate) struct CookieChange(pub(crate) HeaderValue);

impl IntoResponse for CookieChange {
    fn into_response(self) -> Response {
        let headers = [
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::SET_COOKIE, self.0),
        ];
        (StatusCode::NO_CONTENT, headers).into_response()
    }
}

impl IntoResponses for CookieChange {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = ResponseBuilder::new()
            .description("Success. With a session cookie, `Set-Cookie` sets or deletes it")
            .header("Set-Cookie", field("The session cookie"));
        BTreeMap::from([("204".to_owned(), response.build().into())])
    }
}
