//! Holds the open database and reopens a file after a panic of the engine.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use dynoxide::{Database, DynoxideError};

use crate::error::EngineError;

/// The first bytes of every SQLite database file.
const SQLITE_HEADER: &[u8] = b"SQLite format 3\0";

pub(crate) enum Store {
    Memory(Database),
    File {
        path: PathBuf,
        /// `None` after a panic until the next use reopens the file. The engine rejects every
        /// request once a panic has poisoned its lock.
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

    /// Runs `work` on the database and returns [`EngineError::Panicked`] if it panics.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Database) -> T) -> Result<T, EngineError> {
        let database = self.database()?;
        catch_unwind(AssertUnwindSafe(|| work(&database))).map_err(|_| {
            self.close();
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

    /// Closes the connection after a panic, which rolls back its open transaction.
    fn close(&self) {
        if let Self::File { open: slot, .. } = self {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Returns the absolute path. SQLite gives `:memory:` and `file:…` a special meaning; an absolute path
/// has neither form.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, EngineError> {
    std::path::absolute(path).map_err(|error| EngineError::of_io(path, error))
}

pub(crate) fn utf8_path(path: &Path) -> Result<&str, EngineError> {
    path.to_str().ok_or_else(|| {
        let reason = io::Error::new(io::ErrorKind::InvalidFilename, "the path is not UTF-8");
        EngineError::of_io(path, reason)
    })
}

/// Creates an empty file with mode 0600, because the database holds password hashes. SQLite gives its
/// side files the same permissions.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn open(path: &Path) -> Result<Database, EngineError> {
    // An existing file is not opened here: closing a second handle would release the POSIX locks of
    // other connections of this process.
    match create_private(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(EngineError::of_io(path, error));
        }
        _ => {}
    }
    Database::new(utf8_path(path)?).map_err(|error| open_error(path, error))
}

/// The engine reports a file of another format as an internal error, so the header is checked here.
fn open_error(path: &Path, error: DynoxideError) -> EngineError {
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
    use crate::transaction_tokens::TransactionTokens;

    struct PanickingClock;

    impl Clock for PanickingClock {
        fn now_unix_secs(&self) -> u64 {
            panic!("intended panic")
        }

        fn now_unix_secs_f64(&self) -> f64 {
            panic!("intended panic")
        }
    }

    fn panicking_database() -> Database {
        Database::memory_with_clock(Arc::new(PanickingClock)).unwrap()
    }

    fn list_tables(store: &Store) -> Result<Vec<u8>, EngineError> {
        store.with(|database| {
            dispatch(database, &TransactionTokens::default(), "ListTables", b"{}").unwrap()
        })
    }

    #[test]
    fn a_panic_of_the_engine_returns_an_error() {
        let store = Store::Memory(panicking_database());
        let outcome = store.with(Database::sweep_ttl);
        assert!(matches!(outcome, Err(EngineError::Panicked)));
    }

    #[test]
    fn a_request_that_panics_returns_status_500() {
        let store = Store::Memory(panicking_database());
        let with_a_stream = json!({
            "TableName": "posts",
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" },
        });
        let request = with_a_stream.to_string();
        let response = respond(
            &store,
            &TransactionTokens::default(),
            "CreateTable",
            request.as_bytes(),
        );
        assert_eq!(response.status().as_u16(), 500);
        let body = String::from_utf8_lossy(response.body().bytes().unwrap());
        assert!(body.contains("#InternalServerError"), "{body}");
        assert!(body.contains("the database panicked"), "{body}");
    }

    #[test]
    fn a_database_file_is_reopened_after_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::File {
            path: folder.path().join("tintero.db"),
            open: Mutex::new(Some(panicking_database())),
        };
        assert!(store.with(Database::sweep_ttl).is_err());
        assert_eq!(list_tables(&store).unwrap(), br#"{"TableNames":[]}"#);
    }

    #[test]
    fn commits_to_a_database_file_are_synced() {
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
