//! Requests in DynamoDB's wire format.

use serde_json::Value;

/// Stands for the prefix of the tables of one run in a case.
pub(crate) const PREFIX: &str = "RUN-";

/// One request of a case.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) operation: &'static str,
    /// The body as text, so that invalid JSON can be sent.
    pub(crate) body: String,
    /// Whether to send it again with `LastEvaluatedKey` until the last page.
    pub(crate) every_page: bool,
}

/// Requests that run one after another on new tables.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) requests: Vec<Request>,
}

impl Request {
    pub(crate) fn new(operation: &'static str, body: &Value) -> Self {
        Self::raw(operation, body.to_string())
    }

    pub(crate) fn raw(operation: &'static str, body: String) -> Self {
        Self {
            operation,
            body,
            every_page: false,
        }
    }

    pub(crate) fn every_page(mut self) -> Self {
        self.every_page = true;
        self
    }
}
