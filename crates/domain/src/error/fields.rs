//! The invalid fields of a request.

use std::fmt;

use super::{Error, Result};
use crate::values::{Code, ValueError};

/// All invalid fields of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer to the field ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub pointer: String,
    /// The broken rule.
    pub error: ValueError,
}

impl FieldErrors {
    /// Adds an error for the field at `pointer`.
    pub fn push(&mut self, pointer: impl Into<String>, error: ValueError) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            error,
        });
    }

    /// An invalid field.
    #[must_use]
    pub fn one(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(pointer, ValueError::new(code, detail));
        errors
    }

    /// `Ok` if there are no errors.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the errors in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

/// Names each field and its correction, such as `password must have at least 12 characters`.
impl fmt::Display for FieldErrors {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, FieldError { pointer, error }) in self.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(to, "{separator}{} {error}", pointer.trim_start_matches('/'))?;
        }
        Ok(())
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
