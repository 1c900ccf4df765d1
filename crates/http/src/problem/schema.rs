//! The schema of problems in the OpenAPI document.

use utoipa::{ToSchema, openapi::Object};

use super::{ProblemType, Violation};
use crate::respond::names;

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
    #[schema(schema_with = all_codes)]
    code: String,
    /// The id of the request, for support and logs.
    request_id: String,
    /// The invalid parts of the request, if any.
    #[schema(max_items = 50, nullable = false)]
    errors: Option<Vec<Violation>>,
}

fn all_codes() -> Object {
    codes(ProblemType::ALL)
}

/// Returns the schema of `code`.
pub(super) fn codes(types: impl IntoIterator<Item = ProblemType>) -> Object {
    names(
        types.into_iter().map(ProblemType::code),
        "A stable code that identifies the problem type.",
    )
}
