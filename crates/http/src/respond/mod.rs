//! Answers. A handler's return type says status and body, to the client and to the document.

mod accepted;
mod media;
mod page;
mod plain;
mod redirect;
mod tagged;

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_json::json;
use tintero_domain::values::{Timestamp, VersionTag};
use utoipa::{
    ToSchema,
    openapi::{Content, Header, Object, ObjectBuilder, Ref, ResponseBuilder, Type},
};

pub(crate) use accepted::Accepted;
pub(crate) use media::{Media, media_tag};
pub(crate) use page::{Audience, Listed, PageLinks, encoded};
pub(crate) use plain::{Fixed, NoContent, Private, Public, Report, Secret};
pub(crate) use redirect::{Moved, NewAddress};
pub(crate) use tagged::{Created, Tagged};

use crate::digest::sha256;

/// What caches may do with what everybody may see. Nothing becomes visible late: whoever
/// publishes sees it at the origin at once, a copy is a minute old at most, and none is kept, or
/// shown while a newer one is fetched, beyond the moment at which it changes by itself.
fn public(quiet: Option<Duration>) -> HeaderValue {
    const KEPT: u64 = 60;
    const SHOWN: u64 = 300;
    // Whole seconds, rounded down: a cache may be early, and never late.
    let quiet = quiet.map_or(KEPT + SHOWN, |quiet| quiet.as_secs());
    let kept = quiet.min(KEPT);
    let shown = quiet.saturating_sub(kept).min(SHOWN);
    let field = if shown == 0 {
        format!("public, max-age={kept}, must-revalidate")
    } else {
        format!("public, max-age={kept}, stale-while-revalidate={shown}")
    };
    HeaderValue::try_from(field).expect("words and numbers make a field")
}

/// What caches may do with what one person may see.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// A representation that answers carry.
pub(crate) trait View: Serialize + ToSchema {
    /// One as it could be, for the document.
    fn example() -> Self;
}

/// The entity tag of a resource alone.
pub(crate) fn entity_tag(tag: VersionTag) -> String {
    format!("\"{tag}\"")
}

/// The entity tag of bytes that no version stands for.
fn digest_tag(bytes: &[u8]) -> String {
    format!("\"{}\"", &sha256(&[], bytes)[..32])
}

fn bytes_of(view: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(view).expect("views have string keys and serialise without failing")
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The header fields of a JSON body and what caches may do with it.
fn json_headers(cache: HeaderValue) -> HeaderMap {
    let varies = cache == PRIVATE;
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, cache);
    if varies {
        headers.insert(header::VARY, HeaderValue::from_static("Authorization"));
    }
    headers
}

fn last_modified(headers: &mut HeaderMap, moment: Timestamp) {
    insert(headers, header::LAST_MODIFIED, &moment.to_http_date());
}

/// How an answer with a view is documented.
fn documented<T: View>(description: &str) -> ResponseBuilder {
    let content = Content::builder()
        .schema(Some(Ref::from_schema_name(T::name())))
        .example(Some(json!(T::example())))
        .build();
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content)
}

/// How a header field of an answer is documented.
pub(crate) fn field(description: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    Header::builder()
        .schema(Some(text))
        .description(Some(description))
        .build()
}

/// The schema of a member that is one of these names.
pub(crate) fn names(names: impl IntoIterator<Item = &'static str>, about: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .description(Some(about))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_outlives_a_change_that_is_planned() {
        let seconds = |n: u64| public(Some(Duration::from_millis(n * 1000 + 999)));
        let expected = [
            (0, "public, max-age=0, must-revalidate"),
            (59, "public, max-age=59, must-revalidate"),
            (61, "public, max-age=60, stale-while-revalidate=1"),
            (3600, "public, max-age=60, stale-while-revalidate=300"),
        ];
        for (quiet, field) in expected {
            assert_eq!(seconds(quiet), field);
        }
        assert_eq!(public(None), expected[3].1);
    }
}
