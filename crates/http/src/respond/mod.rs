//! Responses. The return type of a handler declares its status and body, also for the OpenAPI
//! document.

mod accepted;
mod cache_policy;
mod cookie;
mod either;
mod media;
mod next_step;
mod page;
mod plain;
mod redirect;
mod see_other;
mod tagged;

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_json::json;
use tintero_domain::values::{Timestamp, VersionTag};
use utoipa::{
    ToSchema,
    openapi::{
        Content, Discriminator, Header, Object, ObjectBuilder, OneOfBuilder, Ref, ResponseBuilder,
        Schema, Type,
    },
};

pub(crate) use accepted::Accepted;
pub(crate) use cache_policy::{CachePolicy, Shareable, Shared};
pub(crate) use cookie::CookieChange;
pub(crate) use either::Either;
pub(crate) use media::{Media, MediaFacts};
pub(crate) use next_step::NextStep;
pub(crate) use page::{Audience, Listed, PageLinks, encoded, next_link};
pub(crate) use plain::{CreatedSecret, Fixed, NoContent, Private, Public, Queued, Report, Secret};
pub(crate) use redirect::{InStore, Moved, NewAddress};
pub(crate) use see_other::SeeOther;
pub(crate) use tagged::{Created, Tagged};

use crate::digest::sha256;

/// `Vary` of responses that depend on the caller.
pub(crate) const CALLER: HeaderValue = HeaderValue::from_static("Authorization, Cookie");

/// A representation of a resource in responses.
pub(crate) trait View: Serialize + ToSchema {
    /// Returns an example for the OpenAPI document.
    fn example() -> Self;
}

/// Returns the entity tag of a version.
pub(crate) fn entity_tag(tag: VersionTag) -> String {
    format!("\"{tag}\"")
}

/// Returns the entity tag of a body without a version.
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

/// Returns the headers of a JSON body.
fn json_headers(cache: HeaderValue) -> HeaderMap {
    let varies = cache == CachePolicy::PRIVATE;
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, cache);
    if varies {
        headers.insert(header::VARY, CALLER);
    }
    headers
}

fn last_modified(headers: &mut HeaderMap, moment: Timestamp) {
    insert(headers, header::LAST_MODIFIED, &moment.to_http_date());
}

/// Documents a response with a view.
fn documented<T: View>(description: &str) -> ResponseBuilder {
    let content = Content::builder()
        .schema(Some(Ref::from_schema_name(T::name())))
        .example(Some(json!(T::example())))
        .build();
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content)
}

/// Documents a response header.
pub(crate) fn field(description: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    Header::builder()
        .schema(Some(text))
        .description(Some(description))
        .build()
}

/// Returns the schema of a union whose types are identified by the value of `property`.
pub(crate) fn choice<'a>(
    property: &str,
    types: impl IntoIterator<Item = (&'a str, Cow<'static, str>)>,
    about: &str,
) -> Schema {
    let mut union = OneOfBuilder::new().description(Some(about));
    let mut mapping = Vec::new();
    for (value, name) in types {
        let schema = Ref::from_schema_name(name);
        mapping.push((value.to_owned(), schema.ref_location.clone()));
        union = union.item(schema);
    }
    let discriminator = Discriminator::with_mapping(property, mapping);
    union.discriminator(Some(discriminator)).build().into()
}

/// Returns the schema of an enumeration.
pub(crate) fn names(names: impl IntoIterator<Item = &'static str>, about: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .description(Some(about))
        .build()
}
