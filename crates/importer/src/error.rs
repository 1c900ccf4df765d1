use std::fmt;

/// An error that ends the run. Its message gives the cause and the fix.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ImportError(String);

impl ImportError {
    pub(crate) fn new(sentence: impl fmt::Display) -> Self {
        Self(sentence.to_string())
    }
}
