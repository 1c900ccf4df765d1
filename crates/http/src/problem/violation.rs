use std::borrow::Cow;

use serde::Serialize;
use tintero_domain::{error::FieldError, values::ValueError};
use utoipa::ToSchema;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Violation {
    /// Where it stands: exactly one of `pointer`, `parameter` and `header`.
    #[serde(flatten)]
    pub(crate) place: Place,
    /// Which rule was broken.
    pub(crate) code: &'static str,
    /// What to change.
    pub(crate) detail: Cow<'static, str>,
}

/// Where a violation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// In the body: a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    Pointer(String),
    /// In the query string: a parameter's name.
    Parameter(String),
    /// In the header: a field's name.
    Header(&'static str),
}

impl Violation {
    /// A violation in the query string.
    pub(crate) fn parameter(
        name: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            place: Place::Parameter(name.into()),
            code,
            detail: detail.into(),
        }
    }

    /// A violation in the header.
    pub(crate) fn header(name: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            place: Place::Header(name),
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
            place: Place::Pointer(pointer.clone()),
            code: code.as_str(),
            detail: detail.clone().into(),
        }
    }
}
