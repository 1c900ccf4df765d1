use std::io;
use std::path::Path;

use crate::error::EngineError;
use crate::store::RequestFailure;

/// Why a file was not taken over.
#[derive(Debug, thiserror::Error)]
pub(super) enum TakeoverFailure {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// This engine refuses an item or a table, or cannot read what it wrote.
    #[error(transparent)]
    Engine(#[from] RequestFailure),
    /// A definition of a table cannot be read.
    #[error("table {table}: {reason}")]
    Definition { table: String, reason: String },
    /// The new file differs from the old one.
    #[error("table {table}: {reason}")]
    Different { table: String, reason: String },
    /// Another process uses or takes over the same file.
    #[error("another process uses the file")]
    Running,
}

impl TakeoverFailure {
    pub(super) fn different(table: &str, reason: impl Into<String>) -> Self {
        Self::Different {
            table: table.to_owned(),
            reason: reason.into(),
        }
    }

    /// Converts the failure to the error of opening the file `path`.
    pub(super) fn in_file(self, path: &Path) -> EngineError {
        match self {
            Self::Io(error) => EngineError::of_io(path, error),
            Self::Sqlite(error) => EngineError::of_file(path, error),
            Self::Running => EngineError::Locked {
                path: path.to_owned(),
                source: self.into(),
            },
            Self::Engine(RequestFailure::Sqlite(error)) if is_full(&error) => {
                EngineError::NoSpace {
                    path: path.to_owned(),
                    source: error.into(),
                }
            }
            failure => EngineError::NotTakenOver {
                path: path.to_owned(),
                source: failure.into(),
            },
        }
    }
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}
