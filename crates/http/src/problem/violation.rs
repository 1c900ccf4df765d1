use std::borrow::Cow;

use serde::Serialize;
use tintero_domain::{error::FieldError, values::ValueError};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// An invalid part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Violation {
    /// The location: exactly one of `pointer`, `parameter` and `header`.
    #[serde(flatten)]
    pub(crate) location: ViolationLocation,
    /// A code for the violated rule.
    pub(crate) code: &'static str,
    /// An explanation of the rule.
    pub(crate) detail: Cow<'static, str>,
}

/// The location of a violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ViolationLocation {
    /// A JSON Pointer into the body ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    Pointer(String),
    /// The name of a query parameter.
    Parameter(String),
    /// The name of a header.
    Header(&'static str),
}

/// The JSON form of a [`Violation`].
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct ViolationDocument {
    /// A JSON Pointer into the body ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    #[schema(nullable = false)]
    pointer: Option<String>,
    /// The name of a query parameter.
    #[schema(nullable = false)]
    parameter: Option<String>,
    /// The name of a header.
    #[schema(nullable = false)]
    header: Option<String>,
    /// A code for the violated rule.
    code: String,
    /// An explanation of the rule.
    detail: String,
}

impl ToSchema for Violation {}

impl PartialSchema for Violation {
    /// One object, because generated clients do not support a choice within an object.
    fn schema() -> RefOr<Schema> {
        let mut schema = ViolationDocument::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let about = "An invalid part of a request, with exactly one of `pointer`, `parameter` and `header`.";
            object.description = Some(about.to_owned());
        }
        schema
    }
}

impl Violation {
    /// Creates a violation by a query parameter.
    pub(crate) fn parameter(
        name: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            location: ViolationLocation::Parameter(name.into()),
            code,
            detail: detail.into(),
        }
    }

    /// Creates a violation by a header.
    pub(crate) fn header(name: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            location: ViolationLocation::Header(name),
            code: "bad_format",
            detail: detail.into(),
        }
    }
}

impl From<&FieldError> for Violation {
    fn from(error: &FieldError) -> Self {
        let FieldError {
            pointer,
            error: ValueError { code, detail },
        } = error;
        Self {
            location: ViolationLocation::Pointer(pointer.clone()),
            code: code.as_str(),
            detail: detail.clone().into(),
        }
    }
}
