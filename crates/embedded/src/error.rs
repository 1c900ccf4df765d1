use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use dynoxide::DynoxideError;

/// What the layer below reported; read it with [`Error::source`].
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why the engine could not be opened, swept or copied.
///
/// Each message says what the person who runs the server can do. Requests that
/// come through the AWS SDK do not meet this type: they are answered as
/// DynamoDB answers them, these failures with status 500.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The operating system does not let the file be read, written or created.
    #[error(
        "cannot use the database file {path}: check that its folder exists and that this user may write there"
    )]
    Unusable {
        /// The file as it was tried.
        path: PathBuf,
        /// What the operating system or SQLite reported.
        source: Cause,
    },

    /// The file exists and holds something else.
    #[error("{path} is not a database of Tintero: name another file, or restore a copy")]
    NotADatabase {
        /// The file as it was tried.
        path: PathBuf,
        /// What the engine reported.
        source: Cause,
    },

    /// Another process kept the file locked for longer than the engine waits.
    #[error("another process holds {path}: wait until it has finished or stop it, then try again")]
    Locked {
        /// The file that is held.
        path: PathBuf,
        /// What SQLite reported.
        source: Cause,
    },

    /// The disk has no room.
    #[error("no space left for {path}: free some on its disk, then try again")]
    NoSpace {
        /// The file that was being written.
        path: PathBuf,
        /// What the operating system or SQLite reported.
        source: Cause,
    },

    /// A copy is never written over a file.
    #[error("{path} exists already: name a new file for the copy")]
    CopyExists {
        /// The file that is there.
        path: PathBuf,
    },

    /// The engine failed in a way that has no remedy of its own.
    #[error("the database failed")]
    Failed {
        /// What the engine reported.
        source: Cause,
    },

    /// The engine panicked. The write in progress was not acknowledged. A file
    /// is opened again for the next request; a database in memory stays
    /// unavailable until the process starts anew.
    #[error("the database panicked; what it was doing was not kept")]
    Panicked,

    /// The runtime shut down before the work was started.
    #[error("the server is stopping")]
    Stopping {
        /// What the runtime reported.
        source: tokio::task::JoinError,
    },
}

/// Primary result codes, as SQLite's documentation numbers them.
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
    /// Reads a failure of the engine while it worked on `path`.
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

    /// Reads a failure of the operating system while it worked on `path`.
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

    /// Reads a failure that no file is to blame for.
    pub(crate) fn of_engine(error: DynoxideError) -> Self {
        Self::Failed {
            source: error.into(),
        }
    }
}
