use std::sync::Arc;

use crate::api_error::RequestError;

/// The error of a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestFailure {
    /// The request is invalid or a condition failed. The client receives this answer of DynamoDB.
    #[error("{}", .0.message)]
    Refused(RequestError),
    /// SQLite failed: the disk is full, the file is locked, or the file is damaged.
    #[error("Internal error: {0}")]
    Sqlite(Arc<rusqlite::Error>),
    /// A stored item or definition cannot be read.
    #[error("Internal error: the database is damaged: {0}")]
    Damaged(String),
    /// The engine panicked and the request was rolled back.
    #[error("the database panicked; the request was rolled back")]
    Panicked,
    /// The thread that writes has ended.
    #[error("the database is closed")]
    Closed,
}

impl From<rusqlite::Error> for RequestFailure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl From<RequestError> for RequestFailure {
    fn from(error: RequestError) -> Self {
        Self::Refused(error)
    }
}
