use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::store::RequestFailure;

pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// An error of opening, cleaning up or copying a database.
///
/// Each message says how to fix the problem. Clients of the AWS SDK never see this type:
/// they receive a response with status 500.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The file cannot be read, written or created.
    #[error(
        "cannot open the database file {path}: check that its folder exists and that this user has write permission"
    )]
    Unusable {
        /// The database file.
        path: PathBuf,
        /// The error of the operating system or of SQLite.
        source: Cause,
    },

    /// The file is not a SQLite database.
    #[error("{path} is not a Tintero database: use another file or restore a backup")]
    NotADatabase {
        /// The database file.
        path: PathBuf,
        /// The error of the engine.
        source: Cause,
    },

    /// Another process held the lock of the file for more than five seconds.
    #[error(
        "database file {path} is locked by another process: wait for it or stop it, then try again"
    )]
    Locked {
        /// The database file.
        path: PathBuf,
        /// The error of SQLite.
        source: Cause,
    },

    /// A newer version of this engine wrote the file.
    #[error("{path} was written by a newer version of tintero: use that version or a newer one")]
    Newer {
        /// The database file.
        path: PathBuf,
    },

    /// An earlier version of this engine wrote the file, which cannot be converted.
    #[error(
        "cannot convert {path}, which an earlier version of tintero wrote: the file is unchanged, so that version can still open it"
    )]
    NotTakenOver {
        /// The database file.
        path: PathBuf,
        /// The table and its fault.
        source: Cause,
    },

    /// The disk is full.
    #[error("no space left on the disk of {path}: free some space, then try again")]
    NoSpace {
        /// The database file or its copy.
        path: PathBuf,
        /// The error of the operating system or of SQLite.
        source: Cause,
    },

    /// The file of a copy exists; a copy never replaces a file.
    #[error("{path} already exists: choose a new file for the copy")]
    CopyExists {
        /// The existing file.
        path: PathBuf,
    },

    /// Any other error of the engine.
    #[error("database error")]
    Failed {
        /// The error of the engine.
        source: Cause,
    },

    /// The engine panicked and the request in progress was rolled back. Other requests are not affected.
    #[error("the database panicked; the request was rolled back")]
    Panicked,

    /// The tokio runtime shut down before the work started.
    #[error("the server is shutting down")]
    Stopping {
        /// The error of the runtime.
        source: tokio::task::JoinError,
    },
}

impl EngineError {
    /// Converts an error of SQLite on the file `path`.
    pub(crate) fn of_file(path: &Path, error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let path = path.to_owned();
        let source = Cause::from(error);
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Locked { path, source }
            }
            Some(ErrorCode::DiskFull) => Self::NoSpace { path, source },
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Self::Unusable { path, source },
            _ => Self::Failed { source },
        }
    }

    /// Converts an error of the operating system on the file `path`.
    pub(crate) fn of_io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace {
                path,
                source: error.into(),
            },
            _ => Self::Unusable {
                path,
                source: error.into(),
            },
        }
    }

    /// Converts an error of SQLite that concerns no file.
    pub(crate) fn of_sqlite(error: rusqlite::Error) -> Self {
        Self::Failed {
            source: error.into(),
        }
    }
}

impl From<RequestFailure> for EngineError {
    fn from(failure: RequestFailure) -> Self {
        match failure {
            RequestFailure::Panicked => Self::Panicked,
            failure => Self::Failed {
                source: failure.into(),
            },
        }
    }
}
