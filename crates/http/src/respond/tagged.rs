use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tintero_domain::{
    posts::WriteResult,
    values::{Timestamp, VersionTag},
};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use crate::digest::sha256;

use super::{
    CachePolicy, View, bytes_of, documented, entity_tag, field, insert, json_headers, last_modified,
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// 200 with a versioned resource, for the caller only.
pub(crate) struct Tagged<T> {
    /// The resource.
    pub(crate) view: T,
    /// The version for `If-Match`.
    pub(crate) tag: VersionTag,
    /// Time of the last write.
    pub(crate) modified: Timestamp,
    /// Whether the response replays an earlier one.
    pub(crate) replayed: bool,
    /// Whether the body contains values that change without a write to this resource, such as
    /// counts. Its `ETag` then includes a digest of the body.
    pub(crate) has_derived: bool,
}

impl<T: From<WriteResult>> From<WriteResult> for Tagged<T> {
    fn from(effect: WriteResult) -> Self {
        let post = &effect.rendered.copy.post;
        let references = &effect.rendered.rendition.references;
        let has_schedule =
            post.state.status.next_change().is_some() || !post.state.ended.is_empty();
        let has_derived = has_schedule || !references.is_empty();
        Self {
            has_derived,
            tag: post.tag(),
            modified: post.state.updated_at,
            replayed: effect.replayed,
            view: effect.into(),
        }
    }
}

impl<T> Tagged<T> {
    /// Creates the response of a resource without derived values.
    pub(crate) fn new(view: impl Into<T>, tag: VersionTag, modified: Timestamp) -> Self {
        Self {
            view: view.into(),
            tag,
            modified,
            replayed: false,
            has_derived: false,
        }
    }
}

impl<T: View> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.view);
        let mut headers = json_headers(CachePolicy::PRIVATE);
        let tag = if self.has_derived {
            format!("\"{}-{}\"", self.tag, &sha256(&[], &bytes)[..16])
        } else {
            entity_tag(self.tag)
        };
        insert(&mut headers, header::ETAG, &tag);
        last_modified(&mut headers, self.modified);
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        (headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Tagged<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The current resource")
            .header("ETag", field("The version, for If-Match and If-None-Match"))
            .header("Last-Modified", field("Time of the last write"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 201 with a new resource.
pub(crate) struct Created<T> {
    /// The URL of the resource.
    pub(crate) location: String,
    /// The resource.
    pub(crate) resource: Tagged<T>,
}

impl<T: View> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::CREATED, self.resource).into_response();
        insert(response.headers_mut(), header::LOCATION, &self.location);
        response
    }
}

impl<T: View> IntoResponses for Created<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let response = documented::<T>("The new resource")
            .header("Location", field("The URL of the new resource"))
            .header("ETag", field("The version, for If-Match"))
            .header(
                "Idempotent-Replayed",
                field("`true` if an earlier response is replayed"),
            );
        BTreeMap::from([("201".to_owned(), response.build().into())])
    }
}
