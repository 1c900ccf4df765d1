use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use dynoxide::DynoxideError;

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

    /// The engine panicked and the write in progress was rolled back. A database file is reopened
    /// for the next request; a database in memory stays unavailable until the process restarts.
    #[error("the database panicked; the request was rolled back")]
    Panicked,

    /// The tokio runtime shut down before the work started.
    #[error("the server is shutting down")]
    Stopping {
        /// The error of the runtime.
        source: tokio::task::JoinError,
    },
}

/// Primary [result codes](https://www.sqlite.org/rescode.html) of SQLite.
mod sqlite {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
    /// The low byte of an extended code is its primary code.
    pub(super) const PRIMARY: i32 = 0xff;
}

impl EngineError {
    /// Converts an error of the engine on the file `path`.
    pub(crate) fn of_file(path: &Path, error: DynoxideError) -> Self {
        let code = match &error {
            DynoxideError::SqliteError(error) => error
                .sqlite_error()
                .map(|failure| failure.extended_code & sqlite::PRIMARY),
            _ => None,
        };
        let path = path.to_owned();
        let source = Cause::from(error);
        match code {
            Some(sqlite::BUSY | sqlite::LOCKED) => Self::Locked { path, source },
            Some(sqlite::FULL) => Self::NoSpace { path, source },
            Some(sqlite::NOTADB) => Self::NotADatabase { path, source },
            Some(sqlite::READONLY | sqlite::CANTOPEN) => Self::Unusable { path, source },
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

    /// Converts an error that concerns no file.
    pub(crate) fn of_engine(error: DynoxideError) -> Self {
        Self::Failed {
            source: error.into(),
        }
    }
}
