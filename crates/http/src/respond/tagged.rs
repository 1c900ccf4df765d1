use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tintero_domain::{
    posts::Effect,
    values::{Timestamp, VersionTag},
};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use crate::digest::sha256;

use super::{
    PRIVATE, View, bytes_of, documented, entity_tag, field, insert, json_headers, last_modified,
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// 200 with the state of a versioned resource, for one person's eyes.
pub(crate) struct Tagged<T> {
    /// The resource.
    pub(crate) view: T,
    /// Its state; the next write is based on it.
    pub(crate) tag: VersionTag,
    /// When it was last written.
    pub(crate) modified: Timestamp,
    /// True when the answer repeats an earlier one.
    pub(crate) replayed: bool,
    /// True when the answer also shows what changes without a write of this resource, such as
    /// counts; its tag then tells those states apart, too.
    pub(crate) embeds: bool,
}

impl<T: From<Effect>> From<Effect> for Tagged<T> {
    fn from(effect: Effect) -> Self {
        let post = &effect.shown.copy.post;
        let references = &effect.shown.rendition.references;
        // Time changes what is planned.
        let planned =
            post.standing.status.next_change().is_some() || !post.standing.ended.is_empty();
        let embeds = planned || !references.is_empty();
        Self {
            embeds,
            tag: post.tag(),
            modified: post.standing.updated_at,
            replayed: effect.replayed,
            view: effect.into(),
        }
    }
}

impl<T: View> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.view);
        let mut headers = json_headers(PRIVATE);
        let tag = if self.embeds {
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
        let response = documented::<T>("The resource as it is now")
            .header("ETag", field("The state, for If-Match and If-None-Match"))
            .header("Last-Modified", field("When it was last written"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// 201 with the address and the state of a new resource.
pub(crate) struct Created<T> {
    /// Where it is from now on.
    pub(crate) location: String,
    /// What it is.
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
            .header("Location", field("The address of the new resource"))
            .header("ETag", field("The state, for If-Match"))
            .header(
                "Idempotent-Replayed",
                field("true when an earlier answer is repeated"),
            );
        BTreeMap::from([("201".to_owned(), response.build().into())])
    }
}
