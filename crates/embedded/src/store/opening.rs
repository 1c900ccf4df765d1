//! Opens connections to a database.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::{SqlSession, catalog};
use crate::error::EngineError;

/// The first bytes of every SQLite database file.
const SQLITE_HEADER: &[u8] = b"SQLite format 3\0";

/// Marks a file of this engine: `Tint` in ASCII.
pub(crate) const APPLICATION_ID: i32 = 0x5469_6e74;

/// Version of the SQL tables. A binary opens files of its own version only.
const FORMAT: i32 = 1;

/// Bytes per page of a new file. Items of some kilobytes fill larger pages better; smaller ones make
/// the log shorter (`docs/decisions/0021-an-engine-of-our-own.md`).
const PAGE_SIZE: u32 = 8192;

/// Time that a connection waits for the lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Number of prepared statements per connection. A table has about five, an index about six.
const STATEMENTS: usize = 256;

/// Bytes to which the write-ahead log is truncated after it was larger.
const MAX_IDLE_LOG: i64 = 8 * 1024 * 1024;

/// Opens an empty database in memory.
pub(super) fn memory() -> Result<SqlSession, EngineError> {
    let open = || {
        let connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        create(&connection)?;
        Ok(SqlSession::new(connection))
    };
    open().map_err(EngineError::of_sqlite)
}

/// Opens the connection of the writer, and creates the file with its tables if it is missing.
pub(super) fn writer(path: &Path) -> Result<SqlSession, EngineError> {
    // An existing file is not opened here: closing a second handle would release the POSIX locks of
    // other connections of this process.
    match create_private(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(EngineError::of_io(path, error));
        }
        _ => {}
    }
    let open = || {
        let mut connection = connect(path)?;
        let kind = FileKind::of(&connection)?;
        if kind.is_usable() {
            prepare_file(&mut connection)?;
        }
        Ok((kind, connection))
    };
    let (kind, connection) = open().map_err(|error| open_error(path, error))?;
    let path = || path.to_owned();
    match kind {
        FileKind::Empty | FileKind::Current => Ok(SqlSession::new(connection)),
        FileKind::OtherFormat => Err(EngineError::Newer { path: path() }),
        FileKind::Foreign => Err(EngineError::NotADatabase {
            path: path(),
            source: "another program wrote this SQLite database".into(),
        }),
    }
}

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Empty,
    Current,
    OtherFormat,
    Foreign,
}

impl FileKind {
    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let header = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        Ok(match (header("application_id")?, header("user_version")?) {
            (APPLICATION_ID, FORMAT) => Self::Current,
            (APPLICATION_ID, _) => Self::OtherFormat,
            (0, 0) if is_empty(connection)? => Self::Empty,
            _ => Self::Foreign,
        })
    }

    fn is_usable(self) -> bool {
        matches!(self, Self::Empty | Self::Current)
    }
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_one(
        "SELECT NOT EXISTS (SELECT * FROM sqlite_schema)",
        [],
        |row| row.get(0),
    )
}

/// Opens a connection for reads of a file that a writer has opened.
pub(super) fn reader(path: &Path) -> rusqlite::Result<SqlSession> {
    let connection = connect(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(SqlSession::new(connection))
}

/// Opens a connection for one copy of a file that a writer has opened.
pub(super) fn copier(path: &Path) -> rusqlite::Result<SqlSession> {
    connect(path).map(SqlSession::new)
}

/// Opens the empty file `path` without a log and without syncs.
pub(super) fn unsynced(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path)?;
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    create(&connection)?;
    Ok(connection)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Commits are synced to the disk before they are acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn prepare_file(connection: &mut Connection) -> rusqlite::Result<()> {
    // Has no effect on a file with content.
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // The writer itself checkpoints, after it has acknowledged its commits.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", MAX_IDLE_LOG)?;
    // Undo data of long statements would be in a temporary file, and a container may have no folder for it.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if !is_empty(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have created the tables in the meantime.
    if is_empty(&transaction)? {
        create(&transaction)?;
    }
    transaction.commit()
}

/// Makes an empty database one of this engine.
fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    catalog::create(connection)
}

fn open_error(path: &Path, error: rusqlite::Error) -> EngineError {
    let is_other_format = error.sqlite_error_code() == Some(ErrorCode::NotADatabase);
    if is_other_format && !is_sqlite(path) {
        return EngineError::NotADatabase {
            path: path.to_owned(),
            source: error.into(),
        };
    }
    EngineError::of_file(path, error)
}

fn is_sqlite(path: &Path) -> bool {
    let mut header = [0; SQLITE_HEADER.len()];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut header))
        .is_ok_and(|()| header == SQLITE_HEADER)
}

/// Returns the absolute path. SQLite gives `:memory:` and `file:…` a special meaning; an absolute path
/// has neither form.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, EngineError> {
    std::path::absolute(path).map_err(|error| EngineError::of_io(path, error))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pragma(session: &SqlSession, name: &str) -> i64 {
        let connection = &session.connection;
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn commits_to_a_database_file_are_synced() {
        const FULL: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let session = writer(&folder.path().join("tintero.db")).unwrap();
        assert_eq!(pragma(&session, "synchronous"), FULL);
    }

    #[test]
    fn writes_need_no_folder_for_temporary_files() {
        const MEMORY: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let session = writer(&folder.path().join("tintero.db")).unwrap();
        assert_eq!(pragma(&session, "temp_store"), MEMORY);
    }

    #[test]
    fn sqlite_has_the_fix_of_the_write_ahead_log_reset() {
        // https://sqlite.org/wal.html#walresetbug: fixed in 3.51.3.
        assert!(rusqlite::version_number() >= 3_051_003);
    }

    #[test]
    fn a_database_of_another_program_is_refused_and_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE notes (text)").unwrap();
        drop(other);
        let before = std::fs::read(&path).unwrap();
        let error = writer(&path).unwrap_err();
        assert!(
            matches!(error, EngineError::NotADatabase { .. }),
            "{error:?}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_file_of_a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tintero.db");
        let session = writer(&path).unwrap();
        let connection = &session.connection;
        connection
            .pragma_update(None, "user_version", FORMAT + 1)
            .unwrap();
        drop(session);
        let error = writer(&path).unwrap_err();
        assert!(matches!(error, EngineError::Newer { .. }), "{error:?}");
    }
}
