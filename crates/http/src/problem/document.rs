//! How refusals look in the OpenAPI document.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
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

/// How a refusal of this kind is documented.
pub(crate) fn response(kind: Kind) -> RefOr<Response> {
    let example = Problem::new(kind).document("01912d68-783e-7a03-8467-5661c1243ad4", "/v1/posts");
    let content = Content::builder()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(json!(example)))
        .build();
    ResponseBuilder::new()
        .description(kind.title())
        .content(MEDIA_TYPE, content)
        .build()
        .into()
}
