use std::fmt;

/// An error that ends the whole run: one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ImportError(String);

impl ImportError {
    pub(crate) fn new(sentence: impl fmt::Display) -> Self {
        Self(sentence.to_string())
    }
}
