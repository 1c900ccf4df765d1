//! Problems in the OpenAPI document.

use std::collections::BTreeMap;

use http::StatusCode;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{
        Content, Ref, RefOr, Response, ResponseBuilder, Schema,
        example::{Example, ExampleBuilder},
    },
};

use super::{
    MEDIA_TYPE, Problem, ProblemType,
    details::{detailed, of_any_status},
};
use crate::respond::field;

/// The problem of a batch item in the OpenAPI document.
pub(crate) struct BatchProblem;

impl ToSchema for BatchProblem {}

impl PartialSchema for BatchProblem {
    fn schema() -> RefOr<Schema> {
        of_any_status().into()
    }
}

/// Documents status 404 for operations whose query string or body names a resource.
pub(crate) struct NotFoundResponse;

impl IntoResponses for NotFoundResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("404".to_owned(), response(ProblemType::NotFound))])
    }
}

/// Documents status 410 for operations on resources that can be removed.
pub(crate) struct GoneResponse;

impl IntoResponses for GoneResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("410".to_owned(), response(ProblemType::Gone))])
    }
}

/// Documents status 422 for operations without a body.
pub(crate) struct InvalidResponse;

impl IntoResponses for InvalidResponse {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([("422".to_owned(), response(ProblemType::Invalid))])
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
    let statuses = ProblemType::ALL.into_iter().map(ProblemType::status);
    statuses
        .map(|status| (name(status), described(status).into()))
        .collect()
}

/// Returns the schemas of problems that add members.
pub(crate) fn schemas() -> BTreeMap<String, RefOr<Schema>> {
    let schemas = detailed().into_iter();
    schemas
        .map(|(_, name, schema)| (name.to_owned(), schema.into()))
        .collect()
}

fn described(status: StatusCode) -> Response {
    let types = ProblemType::ALL
        .into_iter()
        .filter(move |kind| kind.status() == status);
    let schema = detailed().into_iter().find(|(of, ..)| *of == status);
    let schema = schema.map_or("Problem", |(_, name, _)| name);
    let content = Content::builder()
        .schema(Some(Ref::from_schema_name(schema)))
        .examples_from_iter(types.map(|kind| (kind.code(), example(kind))))
        .build();
    let response = ResponseBuilder::new()
        .description(status.canonical_reason().unwrap_or_default())
        .content(MEDIA_TYPE, content);
    headers(status)
        .iter()
        .fold(response, |response, (name, about)| {
            response.header(*name, field(about))
        })
        .build()
}

/// Returns the names and descriptions of the headers of problems with a status.
fn headers(status: StatusCode) -> &'static [(&'static str, &'static str)] {
    match status {
        StatusCode::UNAUTHORIZED => &[("WWW-Authenticate", "The accepted credentials")],
        StatusCode::CONFLICT | StatusCode::SERVICE_UNAVAILABLE => &[(
            "Retry-After",
            "Seconds to wait before the next attempt, if it can help",
        )],
        StatusCode::PRECONDITION_FAILED => &[("ETag", "The current version")],
        StatusCode::RANGE_NOT_SATISFIABLE => &[("Content-Range", "The size of the image")],
        _ => &[],
    }
}

fn example(kind: ProblemType) -> Example {
    let problem = match kind {
        ProblemType::Forbidden => Problem::new(kind).member("permission", "posts:publish"),
        ProblemType::Stale => Problem::new(kind).member("current_version", 4),
        _ => Problem::new(kind),
    };
    let document = problem.document("01912d68-783e-7a03-8467-5661c1243ad4", "/v1/posts");
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
