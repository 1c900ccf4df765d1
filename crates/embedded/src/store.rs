//! The open database, and what happens to it when the engine panics.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use dynoxide::{Database, DynoxideError};

use crate::error::EngineError;

/// The first bytes of every SQLite database file.
const SQLITE_HEADER: &[u8] = b"SQLite format 3\0";

/// Where the data lives.
pub(crate) enum Store {
    /// In this process, and gone with it.
    Memory(Database),
    /// In a file.
    File {
        path: PathBuf,
        /// `None` after a panic, until the next use opens the file again: the
        /// engine refuses every request once a panic has poisoned its lock.
        open: Mutex<Option<Database>>,
    },
}

impl Store {
    pub(crate) fn memory() -> Result<Self, EngineError> {
        Database::memory()
            .map(Self::Memory)
            .map_err(EngineError::of_engine)
    }

    pub(crate) fn file(path: &Path) -> Result<Self, EngineError> {
        let path = resolved(path)?;
        let database = open(&path)?;
        Ok(Self::File {
            path,
            open: Mutex::new(Some(database)),
        })
    }

    /// Runs `work` on the database; a panic inside it ends that work alone.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Database) -> T) -> Result<T, EngineError> {
        let database = self.database()?;
        catch_unwind(AssertUnwindSafe(|| work(&database))).map_err(|_| {
            self.forget();
            EngineError::Panicked
        })
    }

    fn database(&self) -> Result<Database, EngineError> {
        match self {
            Self::Memory(database) => Ok(database.clone()),
            Self::File { path, open: slot } => {
                let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
                match &*slot {
                    Some(database) => Ok(database.clone()),
                    None => open(path).map(|database| slot.insert(database).clone()),
                }
            }
        }
    }

    /// Closes the connection that panicked, and with it rolls back what it had
    /// not committed.
    fn forget(&self) {
        if let Self::File { open: slot, .. } = self {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// The same path for every spelling. SQLite would read `:memory:` and `file:…`
/// as something other than a file name; an absolute path is neither.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, EngineError> {
    std::path::absolute(path).map_err(|error| EngineError::of_io(path, error))
}

/// The path as SQLite takes it.
pub(crate) fn spelled(path: &Path) -> Result<&str, EngineError> {
    path.to_str().ok_or_else(|| {
        let reason = io::Error::new(io::ErrorKind::InvalidFilename, "the path is not UTF-8");
        EngineError::of_io(path, reason)
    })
}

/// Creates an empty file that only its owner reads: the database holds
/// password hashes. SQLite gives its side files the same permissions.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn open(path: &Path) -> Result<Database, EngineError> {
    // An existing file is left to SQLite: closing a handle of our own would
    // drop the locks that another connection of this process holds on it.
    match create_private(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(EngineError::of_io(path, error));
        }
        _ => {}
    }
    Database::new(spelled(path)?).map_err(|error| refused(path, error))
}

/// The engine words a foreign file as an internal error, so the file is asked.
fn refused(path: &Path, error: DynoxideError) -> EngineError {
    match error {
        DynoxideError::InternalServerError(_) if !is_sqlite(path) => EngineError::NotADatabase {
            path: path.to_owned(),
            source: error.into(),
        },
        error => EngineError::of_file(path, error),
    }
}

fn is_sqlite(path: &Path) -> bool {
    let mut header = [0; SQLITE_HEADER.len()];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut header))
        .is_ok_and(|()| header == SQLITE_HEADER)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dynoxide::storage::Storage;
    use dynoxide::storage_backend::Clock;
    use serde_json::json;

    use super::*;
    use crate::connector::respond;
    use crate::dispatch::dispatch;
    use crate::tokens::Tokens;

    /// The one part of the engine that a caller supplies, and so can break.
    struct PanickingClock;

    impl Clock for PanickingClock {
        fn now_unix_secs(&self) -> u64 {
            panic!("a panic on purpose")
        }

        fn now_unix_secs_f64(&self) -> f64 {
            panic!("a panic on purpose")
        }
    }

    fn panicking() -> Database {
        Database::memory_with_clock(Arc::new(PanickingClock)).unwrap()
    }

    fn list_tables(store: &Store) -> Result<Vec<u8>, EngineError> {
        store.with(|database| dispatch(database, &Tokens::default(), "ListTables", b"{}").unwrap())
    }

    #[test]
    fn a_panic_inside_the_engine_is_reported_and_not_passed_on() {
        let store = Store::Memory(panicking());
        let outcome = store.with(Database::sweep_ttl);
        assert!(matches!(outcome, Err(EngineError::Panicked)));
    }

    #[test]
    fn a_request_that_panics_is_answered_with_status_500() {
        let store = Store::Memory(panicking());
        let with_a_stream = json!({
            "TableName": "posts",
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" },
        });
        let request = with_a_stream.to_string();
        let answer = respond(
            &store,
            &Tokens::default(),
            "CreateTable",
            request.as_bytes(),
        );
        assert_eq!(answer.status().as_u16(), 500);
        let body = String::from_utf8_lossy(answer.body().bytes().unwrap());
        assert!(body.contains("#InternalServerError"), "{body}");
        assert!(body.contains("the database panicked"), "{body}");
    }

    #[test]
    fn a_file_is_opened_again_after_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::File {
            path: folder.path().join("tintero.db"),
            open: Mutex::new(Some(panicking())),
        };
        assert!(store.with(Database::sweep_ttl).is_err());
        assert_eq!(list_tables(&store).unwrap(), br#"{"TableNames":[]}"#);
    }

    #[test]
    fn a_commit_to_a_file_waits_for_the_disk() {
        const FULL: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tintero.db");
        let storage = Storage::new(path.to_str().unwrap()).unwrap();
        let pragma = |name: &str| {
            storage
                .conn()
                .pragma_query_value(None, name, |row| row.get(0))
        };
        let synchronous: i64 = pragma("synchronous").unwrap();
        assert_eq!(synchronous, FULL);
    }
}
