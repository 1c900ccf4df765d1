//! Problems in the OpenAPI document.

use std::collections::BTreeMap;

use http::StatusCode;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        Content, Ref, RefOr, Response, ResponseBuilder,
        example::{Example, ExampleBuilder},
    },
};

use super::{MEDIA_TYPE, Problem, ProblemType, Violation};

/// An error ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). Some problem types add members.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `Problem::document` writes")]
pub(crate) struct ProblemDocument {
    /// The URI of the problem type, relative to the public URL. It returns an explanation.
    #[schema(format = "uri-reference")]
    r#type: String,
    /// A short summary of the problem type.
    title: String,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// An explanation of this occurrence.
    detail: String,
    /// The path of the request.
    #[schema(format = "uri-reference")]
    instance: String,
    /// A stable code that identifies the problem type.
    code: String,
    /// The id of the request, for support and logs.
    request_id: String,
    /// The invalid parts of the request, if any.
    #[schema(max_items = 50)]
    errors: Option<Vec<Violation>>,
}

/// Documents status 410 for operations on resources that can be removed.
pub(crate) struct GoneResponse;

impl IntoResponses for GoneResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("410".to_owned(), response(ProblemType::Gone))])
    }
}

/// Documents status 422 for operations without a body that work on stored texts.
pub(crate) struct TooComplexResponse;

impl IntoResponses for TooComplexResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("422".to_owned(), response(ProblemType::TooComplex))])
    }
}

impl IntoResponses for Problem {
    /// Documents the statuses of all operations. `openapi::finish` adds the others.
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [ProblemType::Internal, ProblemType::Unavailable]
            .map(|kind| (kind.status().as_str().to_owned(), response(kind)))
            .into()
    }
}

/// Returns a reference to the documented response.
pub(crate) fn response(kind: ProblemType) -> RefOr<Response> {
    Ref::from_response_name(name(kind.status())).into()
}

/// Returns one response per status, with an example of each problem type.
pub(crate) fn responses() -> BTreeMap<String, RefOr<Response>> {
    let described = |status: StatusCode| {
        let types = ProblemType::ALL
            .into_iter()
            .filter(move |kind| kind.status() == status);
        let content = Content::builder()
            .schema(Some(Ref::from_schema_name("Problem")))
            .examples_from_iter(types.map(|kind| (kind.code(), example(kind))))
            .build();
        ResponseBuilder::new()
            .description(status.canonical_reason().unwrap_or_default())
            .content(MEDIA_TYPE, content)
            .build()
    };
    let statuses = ProblemType::ALL.into_iter().map(ProblemType::status);
    statuses
        .map(|status| (name(status), described(status).into()))
        .collect()
}

fn example(kind: ProblemType) -> Example {
    let document = Problem::new(kind).document("01912d68-783e-7a03-8467-5661c1243ad4", "/v1/posts");
    ExampleBuilder::new()
        .summary(kind.title())
        .value(Some(document))
        .build()
}

/// Returns the name of a status, such as `NotFound`.
fn name(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or_default();
    words.split([' ', '-']).collect()
}
