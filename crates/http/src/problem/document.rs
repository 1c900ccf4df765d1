//! How refusals look in the OpenAPI document.

use std::collections::BTreeMap;

use http::StatusCode;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        Content, Ref, RefOr, Response, ResponseBuilder,
        example::{Example, ExampleBuilder},
    },
};

use super::{Kind, MEDIA_TYPE, Problem, Violation};

/// A refusal ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). Kinds add members of their own.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `Problem::document` writes")]
pub(crate) struct ProblemDocument {
    /// The kind's address, relative to the public URL; it explains the kind.
    #[schema(format = "uri-reference")]
    r#type: String,
    /// The kind in a few words.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time.
    detail: String,
    /// The path of the request.
    #[schema(format = "uri-reference")]
    instance: String,
    /// The kind's stable name for programs.
    code: String,
    /// Names the request in our log.
    request_id: String,
    /// What is wrong with the request, when parts of it are.
    #[schema(max_items = 50)]
    errors: Option<Vec<Violation>>,
}

/// Marks operations that answer 410 for what was taken away.
pub(crate) struct GoneResponse;

impl IntoResponses for GoneResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("410".to_owned(), response(Kind::Gone))])
    }
}

impl IntoResponses for Problem {
    /// What every operation can answer; the rest follows from an operation's shape.
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [Kind::Internal, Kind::Unavailable]
            .map(|kind| (kind.status().as_str().to_owned(), response(kind)))
            .into()
    }
}

/// Refers to how refusals of this kind are documented.
pub(crate) fn response(kind: Kind) -> RefOr<Response> {
    Ref::from_response_name(name(kind.status())).into()
}

/// How refusals are documented: one response a status, with an example of each of its kinds.
pub(crate) fn responses() -> BTreeMap<String, RefOr<Response>> {
    let described = |status: StatusCode| {
        let kinds = Kind::ALL
            .into_iter()
            .filter(move |kind| kind.status() == status);
        let content = Content::builder()
            .schema(Some(Ref::from_schema_name("Problem")))
            .examples_from_iter(kinds.map(|kind| (kind.code(), example(kind))))
            .build();
        ResponseBuilder::new()
            .description(status.canonical_reason().unwrap_or_default())
            .content(MEDIA_TYPE, content)
            .build()
    };
    let statuses = Kind::ALL.into_iter().map(Kind::status);
    statuses
        .map(|status| (name(status), described(status).into()))
        .collect()
}

fn example(kind: Kind) -> Example {
    let document = Problem::new(kind).document("01912d68-783e-7a03-8467-5661c1243ad4", "/v1/posts");
    ExampleBuilder::new()
        .summary(kind.title())
        .value(Some(document))
        .build()
}

/// The status in words, as a name: `NotFound`.
fn name(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or_default();
    words.split([' ', '-']).collect()
}
