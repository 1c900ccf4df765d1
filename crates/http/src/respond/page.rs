use std::{collections::BTreeMap, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};
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

use super::{PRIVATE, View, bytes_of, digest_tag, field, insert, json_headers, public};

/// What RFC 3986 leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// For whose eyes a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody's.
    Public {
        /// For how long what it shows stays as it is, as far as is planned.
        quiet: Option<Duration>,
    },
    /// The caller's.
    Caller,
}

/// 200 with a page of a list and the way to the next one.
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
    beside: Map<String, Value>,
}

/// How a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PageLinks {
    /// Send it as `cursor` with the same parameters to get the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
    /// True when there is a next page. The last page of a list may be empty.
    has_next: bool,
}

impl<T> Listed<T> {
    /// A page of the list that was asked for with `uri`.
    pub(crate) fn new<D: Into<T>>(page: Page<D>, uri: &Uri, audience: Audience) -> Self {
        let next = page.next.map(|Cursor(cursor)| cursor);
        Self {
            next: next.as_deref().map(|cursor| following(uri, cursor)),
            body: ListBody {
                items: page.items.into_iter().map(Into::into).collect(),
                page: PageLinks {
                    has_next: next.is_some(),
                    next_cursor: next,
                },
                beside: Map::new(),
            },
            audience,
        }
    }

    /// The page with each of its items made into something else.
    pub(crate) fn map(mut self, change: impl Fn(T) -> T) -> Self {
        self.body.items = self.body.items.into_iter().map(change).collect();
        self
    }

    /// The page with something beside its items.
    pub(crate) fn beside(mut self, name: &str, value: &impl Serialize) -> Self {
        self.body.beside.insert(name.to_owned(), json!(value));
        self
    }
}

/// A text as the value of a query parameter.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The same path and query with another cursor.
fn following(uri: &Uri, cursor: &str) -> String {
    let others = uri.query().unwrap_or_default().split('&');
    let mut query: Vec<String> = others
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
        .map(str::to_owned)
        .collect();
    query.push(format!("cursor={}", encoded(cursor)));
    format!("{}?{}", uri.path(), query.join("&"))
}

impl<T: View> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let bytes = bytes_of(&self.body);
        let mut headers = json_headers(match self.audience {
            Audience::Public { quiet } => public(quiet),
            Audience::Caller => PRIVATE,
        });
        // A token decides what this address answers, so caches must ask whether one was sent.
        headers.insert(header::VARY, HeaderValue::from_static("Authorization"));
        insert(&mut headers, header::ETAG, &digest_tag(&bytes));
        if let Some(next) = self.next {
            insert(
                &mut headers,
                header::LINK,
                &format!("<{next}>; rel=\"next\""),
            );
        }
        (headers, bytes).into_response()
    }
}

impl<T: View> IntoResponses for Listed<T> {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        Self::documented(|page| page)
    }
}

impl<T: View> Listed<T> {
    /// How the answer is documented, with what may stand beside the items.
    pub(crate) fn documented(
        beside: impl FnOnce(ObjectBuilder) -> ObjectBuilder,
    ) -> BTreeMap<String, RefOr<Documented>> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let schema = ObjectBuilder::new()
            .property("items", items.max_items(Some(100)))
            .required("items")
            .property("page", Ref::from_schema_name(PageLinks::name()))
            .required("page");
        let example = json!({
            "items": [T::example()],
            "page": { "next_cursor": null, "has_next": false },
        });
        let content = Content::builder()
            .schema(Some(beside(schema)))
            .example(Some(example));
        let response = ResponseBuilder::new()
            .description("A page of the list")
            .content("application/json", content.build())
            .header(
                "ETag",
                field("Changes when the page does; for If-None-Match"),
            )
            .header("Link", field("The next page, as rel=\"next\" (RFC 8288)"));
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_asked_for_with_the_same_parameters() {
        let uri = "/v1/posts?tag=c%2B%2B&cursor=old&limit=2".parse().unwrap();
        assert_eq!(
            following(&uri, "a/b"),
            "/v1/posts?tag=c%2B%2B&limit=2&cursor=a%2Fb"
        );
        assert_eq!(
            following(&"/v1/posts".parse().unwrap(), "x"),
            "/v1/posts?cursor=x"
        );
    }
}
