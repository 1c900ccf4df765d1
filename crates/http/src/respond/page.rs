use std::{collections::BTreeMap, time::Duration};

use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use http::{Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tintero_domain::page::{Cursor, Page};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ArrayBuilder, Content, ObjectBuilder, Ref, RefOr, Response as Documented, ResponseBuilder,
    },
};

use super::{
    CALLER, CachePolicy, Shareable, View, bytes_of, digest_tag, field, insert, json_headers,
};
use crate::base_path::prefixed;

/// Escapes all characters but the unreserved ones of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The audience of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everyone; caches may store the list.
    Public {
        /// Time until a schedule changes the list, if any.
        fresh_for: Option<Duration>,
    },
    /// The caller only.
    Caller,
}

/// 200 with a page of a list.
pub(crate) struct Listed<T> {
    body: ListBody<T>,
    next: Option<String>,
    audience: Audience,
}

#[derive(Serialize)]
struct ListBody<T> {
    items: Vec<T>,
    page: PageLinks,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// The position of a page in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PageLinks {
    /// The cursor of the next page, to be sent as `cursor` with the same parameters; null on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
    /// True if there is a next page. The last page can be empty.
    has_next: bool,
}

impl<T> Listed<T> {
    /// Creates a page of the list requested by `uri`.
    pub(crate) fn new<D: Into<T>>(page: Page<D>, uri: &Uri, audience: Audience) -> Self {
        let next = page.next.map(|Cursor(cursor)| cursor);
        Self {
            next: next.as_deref().map(|cursor| next_uri(uri, cursor)),
            body: ListBody {
                items: page.items.into_iter().map(Into::into).collect(),
                page: PageLinks {
                    has_next: next.is_some(),
                    next_cursor: next,
                },
                extra: Map::new(),
            },
            audience,
        }
    }

    /// Converts each item.
    pub(crate) fn map(mut self, change: impl Fn(T) -> T) -> Self {
        self.body.items = self.body.items.into_iter().map(change).collect();
        self
    }

    /// Adds a member to the body.
    pub(crate) fn with_member(mut self, name: &str, value: &impl Serialize) -> Self {
        self.body.extra.insert(name.to_owned(), json!(value));
        self
    }
}

/// Encodes the value of a query parameter.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ESCAPED)
}

/// Returns the value of a `Link` header that leads to the next page.
pub(crate) fn next_link(uri: &Uri, Cursor(cursor): &Cursor) -> String {
    format!("<{}>; rel=\"next\"", next_uri(uri, cursor))
}

/// Returns the URI of the next page.
fn next_uri(uri: &Uri, cursor: &str) -> String {
    let others = uri.query().unwrap_or_default().split('&');
    let mut query: Vec<String> = others
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
        .map(str::to_owned)
        .collect();
    query.push(format!("cursor={}", encoded(cursor)));
    prefixed(format!("{}?{}", uri.path(), query.join("&")))
}

impl<T: View> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.body);
        let shareable = match self.audience {
            Audience::Public { fresh_for } => Some(Shareable {
                policy: CachePolicy::Public,
                fresh_for,
            }),
            Audience::Caller => None,
        };
        let mut headers = json_headers(shareable.map_or(CachePolicy::PRIVATE, |shareable| {
            shareable.policy.field(shareable.fresh_for)
        }));
        // The list depends on the caller, even if this one is public.
        headers.insert(header::VARY, CALLER);
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        if let Some(next) = self.next {
            insert(
                &mut headers,
                header::LINK,
                &format!("<{next}>; rel=\"next\""),
            );
        }
        (shareable.map(Extension), headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Listed<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        Self::documented(|page| page)
    }
}

impl<T: View> Listed<T> {
    /// Documents the response with additional members.
    pub(crate) fn documented(
        extra: impl FnOnce(ObjectBuilder) -> ObjectBuilder,
    ) -> BTreeMap<String, RefOr<Documented>> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let schema = ObjectBuilder::new()
            .property(
                "items",
                items
                    .max_items(Some(100))
                    .description(Some("The items of the page.")),
            )
            .required("items")
            .property("page", Ref::from_schema_name(PageLinks::name()))
            .required("page");
        let example = json!({
            "items": [T::example()],
            "page": { "next_cursor": null, "has_next": false },
        });
        let content = Content::builder()
            .schema(Some(extra(schema)))
            .example(Some(example));
        let response = ResponseBuilder::new()
            .description("A page of the list")
            .content("application/json", content.build())
            .header(
                "ETag",
                field("Identifies the content of the page, for If-None-Match"),
            )
            .header(
                "Link",
                field("The URL of the next page, with rel=\"next\" (RFC 8288)"),
            );
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_uri_keeps_all_other_parameters() {
        let uri = "/v1/posts?tag=c%2B%2B&cursor=old&limit=2".parse().unwrap();
        assert_eq!(
            next_uri(&uri, "a/b"),
            "/v1/posts?tag=c%2B%2B&limit=2&cursor=a%2Fb"
        );
        assert_eq!(
            next_uri(&"/v1/posts".parse().unwrap(), "x"),
            "/v1/posts?cursor=x"
        );
    }
}
