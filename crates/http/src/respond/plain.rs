use std::{collections::BTreeMap, time::Duration};

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use tintero_domain::values::Timestamp;
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented, ResponseBuilder},
};

use super::{
    CachePolicy, Shareable, View, bytes_of, digest_tag, documented, field, insert, json_headers,
    last_modified,
};

/// 200 with a public resource.
pub(crate) struct Public<T> {
    /// The resource.
    pub(crate) view: T,
    /// Time of the last change, if known.
    pub(crate) modified: Option<Timestamp>,
    /// Time until a schedule changes the resource, if any.
    pub(crate) fresh_for: Option<Duration>,
}

impl<T: View> IntoResponse for Public<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.view);
        let shareable = Shareable {
            policy: CachePolicy::Public,
            fresh_for: self.fresh_for,
        };
        let mut headers = json_headers(shareable.policy.field(self.fresh_for));
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        if let Some(moment) = self.modified {
            last_modified(&mut headers, moment);
        }
        (Extension(shareable), headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Public<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The public resource")
            .header("ETag", field("Identifies the content, for If-None-Match"))
            .header("Last-Modified", field("Time of the last change"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 200 with a resource without a version, for the caller only.
pub(crate) struct Private<T>(pub(crate) T);

impl<T: View> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.0);
        let mut headers = json_headers(CachePolicy::PRIVATE);
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        (headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Private<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The resource")
            .header("ETag", field("Identifies the content, for If-None-Match"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// Defines a response with status 200 and a fixed `Cache-Control`.
macro_rules! uncached {
    ($(#[doc = $doc:literal] $name:ident, $cache:literal, $description:literal;)*) => {$(
        #[doc = $doc]
        pub(crate) struct $name<T>(pub(crate) T);

        impl<T: View> IntoResponse for $name<T> {
            fn into_response(self) -> Response {
                let headers = json_headers(HeaderValue::from_static($cache));
                (headers, bytes_of(&self.0)).into_response()
            }
        }

        impl<T: View> IntoResponses for $name<T> {
            fn responses() -> BTreeMap<String, RefOr<Documented>> {
                let response = documented::<T>($description);
                BTreeMap::from([("200".to_owned(), response.build().into())])
            }
        }
    )*};
}

uncached! {
    /// 200 with a secret.
    Secret, "no-store", "A secret. Store it safely";
    /// 200 with the results of a request.
    Report, "no-store", "The results";
    /// 200 with the state of an instance.
    Fixed, "no-cache", "The current state";
}

/// 201 with a new resource and its secret, which is not shown again.
pub(crate) struct CreatedSecret<T> {
    /// The URL of the resource.
    pub(crate) location: String,
    /// The resource with its secret.
    pub(crate) view: T,
}

impl<T: View> IntoResponse for CreatedSecret<T> {
    fn into_response(self) -> Response {
        let mut headers = json_headers(HeaderValue::from_static("no-store"));
        insert(&mut headers, header::LOCATION, &self.location);
        (StatusCode::CREATED, headers, bytes_of(&self.view)).into_response()
    }
}

impl<T: View> IntoResponses for CreatedSecret<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response =
            documented::<T>("The new resource with its secret, which is not shown again")
                .header("Location", field("The URL of the new resource"));
        BTreeMap::from([("201".to_owned(), response.build().into())])
    }
}

/// 204 without a body.
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
        let response = ResponseBuilder::new().description("Success");
        BTreeMap::from([("204".to_owned(), response.build().into())])
    }
}
