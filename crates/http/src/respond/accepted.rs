use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use super::{PRIVATE, View, bytes_of, documented, field, insert, json_headers};

/// 202: it is begun, and here is where to look how far it is.
pub(crate) struct Accepted<T> {
    /// Where its progress is seen.
    pub(crate) location: String,
    /// How far it is.
    pub(crate) view: T,
}

impl<T: View> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        let mut headers = json_headers(PRIVATE);
        insert(&mut headers, header::LOCATION, &self.location);
        (StatusCode::ACCEPTED, headers, bytes_of(&self.view)).into_response()
    }
}

impl<T: View> IntoResponses for Accepted<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("Begun; what is left to do takes its time")
            .header("Location", field("Where its progress is seen"));
        BTreeMap::from([("202".to_owned(), response.build().into())])
    }
}
