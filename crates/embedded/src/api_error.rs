//! Errors that a client receives as a response of DynamoDB.

/// An error of a request, with DynamoDB's type and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

/// The type of an [`ApiError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    Validation,
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

impl ApiError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Validation, message)
    }
}
