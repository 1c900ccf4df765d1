//! Errors that a client receives as a response of DynamoDB.

use serde::de;

/// An error of a request, with DynamoDB's type and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestError {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

/// The type of an [`RequestError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    Validation,
    /// The body of the request is not the JSON of the operation.
    Serialization,
    UnknownOperation,
    ResourceNotFound,
    ResourceInUse,
    /// A condition was not met. `item` is the stored item as wire JSON, if the request asked for it.
    ConditionalCheckFailed {
        item: Option<String>,
    },
    /// A transaction was cancelled. One reason for each of its items, in their order.
    TransactionCanceled {
        reasons: Vec<CancellationReason>,
    },
    IdempotentParameterMismatch,
    InternalServerError,
}

/// Why an item of a transaction failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CancellationReason {
    /// `None`, `ConditionalCheckFailed`, `ValidationError` or another code of DynamoDB.
    pub(crate) code: &'static str,
    pub(crate) message: Option<String>,
    /// The stored item as wire JSON, if the request asked for it.
    pub(crate) item: Option<String>,
}

impl RequestError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Validation, message)
    }

    /// Converts an error of reading the JSON of `operation`.
    pub(crate) fn of_json(operation: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let text = text
            .rfind(" at line ")
            .map_or(text.as_str(), |end| &text[..end]);
        if let Some(message) = text.strip_prefix(INVALID_VALUE) {
            return Self::validation(message);
        }
        if let Some(field) = quoted_after(text, "unknown field `") {
            return Self::validation(format!(
                "the embedded engine does not support the parameter {field} of {operation}"
            ));
        }
        if let Some(value) = quoted_after(text, "unknown variant `") {
            return Self::validation(format!(
                "the embedded engine does not support the value {value} in a request of {operation}"
            ));
        }
        if let Some(field) = quoted_after(text, "missing field `") {
            return Self::validation(format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: \
                 Member must not be null",
                in_lower_camel_case(field)
            ));
        }
        Self::new(ErrorKind::Serialization, text)
    }
}

/// Marks errors of serde that are validation errors of DynamoDB.
const INVALID_VALUE: &str = "invalid value of DynamoDB: ";

/// An error of serde for a value that has a valid type but breaks a rule of DynamoDB.
pub(crate) fn invalid_value<E: de::Error>(message: impl std::fmt::Display) -> E {
    E::custom(format_args!("{INVALID_VALUE}{message}"))
}

fn quoted_after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.split('`').next()
}

/// DynamoDB names parameters in lower camel case in its messages.
fn in_lower_camel_case(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
