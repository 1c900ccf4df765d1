//! The schema of problems in the OpenAPI document.

use http::StatusCode;
use utoipa::{ToSchema, openapi::Object};

use super::{ProblemType, Violation};
use crate::respond::names;

/// An error ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). Problems of some statuses have another type with more members.
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
    #[schema(schema_with = plain_codes)]
    code: String,
    /// The id of the request, for support and logs.
    request_id: String,
    /// The invalid parts of the request, if any.
    #[schema(max_items = 50, nullable = false)]
    errors: Option<Vec<Violation>>,
}

/// Statuses whose problems add members. They have types of their own.
pub(super) const DETAILED: [StatusCode; 6] = [
    StatusCode::FORBIDDEN,
    StatusCode::CONFLICT,
    StatusCode::PRECONDITION_FAILED,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// The codes of this type only, so that clients can tell the types of problems apart by `code`.
fn plain_codes() -> Object {
    let all = ProblemType::ALL.into_iter();
    codes(all.filter(|kind| !DETAILED.contains(&kind.status())))
}

/// Returns the schema of `code`.
pub(super) fn codes(types: impl IntoIterator<Item = ProblemType>) -> Object {
    names(
        types.into_iter().map(ProblemType::code),
        "A stable code that identifies the problem type.",
    )
}
