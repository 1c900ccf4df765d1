use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use super::{CachePolicy, View, bytes_of, documented, field, insert, json_headers};

/// 202: the operation has started.
pub(crate) struct Accepted<T> {
    /// The URL of the operation.
    pub(crate) location: String,
    /// The operation.
    pub(crate) view: T,
}

impl<T: View> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        let mut headers = json_headers(CachePolicy::PRIVATE);
        insert(&mut headers, header::LOCATION, &self.location);
        (StatusCode::ACCEPTED, headers, bytes_of(&self.view)).into_response()
    }
}

impl<T: View> IntoResponses for Accepted<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The operation has started")
            .header("Location", field("The URL of the operation"));
        BTreeMap::from([("202".to_owned(), response.build().into())])
    }
}
