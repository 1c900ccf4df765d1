use std::{collections::BTreeMap, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tintero_domain::values::Timestamp;
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented, ResponseBuilder},
};

use super::{
    PRIVATE, View, bytes_of, digest_tag, documented, field, insert, json_headers, last_modified,
    public,
};

/// 200 for everybody's eyes.
pub(crate) struct Public<T> {
    /// The resource.
    pub(crate) view: T,
    /// When it last changed, when that is known.
    pub(crate) modified: Option<Timestamp>,
    /// For how long it stays as it is, as far as is planned.
    pub(crate) quiet: Option<Duration>,
}

impl<T: View> IntoResponse for Public<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.view);
        let mut headers = json_headers(public(self.quiet));
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        if let Some(moment) = self.modified {
            last_modified(&mut headers, moment);
        }
        (headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Public<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The resource as the public sees it")
            .header(
                "ETag",
                field("Changes when the answer does; for If-None-Match"),
            )
            .header("Last-Modified", field("When it last changed"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 200 for one person's eyes, of something without a version.
pub(crate) struct Private<T>(pub(crate) T);

impl<T: View> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.0);
        let mut headers = json_headers(PRIVATE);
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        (headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Private<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("As this caller sees it").header(
            "ETag",
            field("Changes when the answer does; for If-None-Match"),
        );
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 200 with a secret, which nobody may keep but the client.
pub(crate) struct Secret<T>(pub(crate) T);

impl<T: View> IntoResponse for Secret<T> {
    fn into_response(self) -> Response {
        let headers = json_headers(HeaderValue::from_static("no-store"));
        (headers, bytes_of(&self.0)).into_response()
    }
}

impl<T: View> IntoResponses for Secret<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("A secret; keep it safe");
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 200 with what a request did, for the caller's eyes; nothing to come back to.
pub(crate) struct Report<T>(pub(crate) T);

impl<T: View> IntoResponse for Report<T> {
    fn into_response(self) -> Response {
        let headers = json_headers(HeaderValue::from_static("no-store"));
        (headers, bytes_of(&self.0)).into_response()
    }
}

impl<T: View> IntoResponses for Report<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("What was done");
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 200 with what an instance says of itself, valid for this moment only.
pub(crate) struct Fixed<T>(pub(crate) T);

impl<T: View> IntoResponse for Fixed<T> {
    fn into_response(self) -> Response {
        let headers = json_headers(HeaderValue::from_static("no-cache"));
        (headers, bytes_of(&self.0)).into_response()
    }
}

impl<T: View> IntoResponses for Fixed<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        BTreeMap::from([(
            "200".to_owned(),
            documented::<T>("As it is now").build().into(),
        )])
    }
}

/// 204: done, and there is nothing to say.
pub(crate) struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        (
            StatusCode::NO_CONTENT,
            [(header::CACHE_CONTROL, "no-store")],
        )
            .into_response()
    }
}

impl IntoResponses for NoContent {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = ResponseBuilder::new().description("Done");
        BTreeMap::from([("204".to_owned(), response.build().into())])
    }
}
