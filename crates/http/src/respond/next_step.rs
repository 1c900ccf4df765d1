use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use super::{View, bytes_of, documented, json_headers};

/// 202 with a secret that the next request needs.
pub(crate) struct NextStep<T>(pub(crate) T);

impl<T: View> IntoResponse for NextStep<T> {
    fn into_response(self) -> Response {
        let headers = json_headers(HeaderValue::from_static("no-store"));
        (StatusCode::ACCEPTED, headers, bytes_of(&self.0)).into_response()
    }
}

impl<T: View> IntoResponses for NextStep<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("Another step is needed. A secret for it");
        BTreeMap::from([("202".to_owned(), response.build().into())])
    }
}
