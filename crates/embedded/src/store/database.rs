use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::group::{self, Job, QueuedWrite};
use super::writer::Writer;
use super::{RequestFailure, SqlSession, opening};
use crate::error::EngineError;

/// Maximum number of idle connections for reads.
const MAX_IDLE_READERS: usize = 8;

/// An open database: in memory with one connection, or in a file with one connection that writes and
/// any number that read.
pub(crate) enum SqlDatabase {
    Memory(Mutex<SqlSession>),
    File(DatabaseFile),
}

pub(crate) struct DatabaseFile {
    path: PathBuf,
    readers: Mutex<Vec<SqlSession>>,
    writer: Writer,
}

impl SqlDatabase {
    pub(crate) fn memory() -> Result<Self, EngineError> {
        Ok(Self::Memory(Mutex::new(opening::memory()?)))
    }

    pub(crate) fn file(path: &Path) -> Result<Self, EngineError> {
        let path = opening::resolved(path)?;
        let writer = Writer::start(&path)?;
        let readers = Mutex::default();
        Ok(Self::File(DatabaseFile {
            path,
            readers,
            writer,
        }))
    }

    /// Whether reads and writes run on the calling thread and need no other one.
    pub(crate) fn is_memory(&self) -> bool {
        matches!(self, Self::Memory(_))
    }

    /// Reads on the calling thread. Sees every write that was acknowledged before the call.
    pub(crate) fn read<T>(
        &self,
        work: impl Fn(&SqlSession) -> Result<T, RequestFailure>,
    ) -> Result<T, RequestFailure> {
        match self {
            Self::Memory(session) => read(&locked(session), work),
            Self::File(file) => {
                let session = file.reader()?;
                let result = read(&session, work);
                file.keep(session);
                result
            }
        }
    }

    /// Writes in one transaction, which is rolled back if `work` fails. A group of concurrent writes is
    /// committed together. `bytes` is the size of the request.
    pub(crate) async fn write<T, W>(&self, bytes: usize, work: W) -> Result<T, RequestFailure>
    where
        T: Send + 'static,
        W: FnOnce(&SqlSession) -> Result<T, RequestFailure> + Send + 'static,
    {
        let (write, result) = QueuedWrite::new(work);
        let job: Box<dyn Job> = Box::new(write);
        match self {
            Self::Memory(session) => group::commit(&locked(session), vec![job]),
            Self::File(file) => {
                if let Err(unsent) = file.writer.send(job, bytes) {
                    unsent.fail(RequestFailure::Closed);
                }
            }
        }
        result.await.unwrap_or(Err(RequestFailure::Closed))
    }
}

impl SqlDatabase {
    /// Copies the database into the empty file `path`, as it is at this moment.
    pub(crate) fn copy_into(&self, path: &Path) -> rusqlite::Result<()> {
        match self {
            Self::Memory(session) => locked(session).copy_into(path),
            Self::File(file) => opening::copier(&file.path)?.copy_into(path),
        }
    }
}

impl DatabaseFile {
    /// Returns an idle connection or a new one. Never waits for another read.
    fn reader(&self) -> Result<SqlSession, RequestFailure> {
        let idle = locked(&self.readers).pop();
        idle.map_or_else(|| Ok(opening::reader(&self.path)?), Ok)
    }

    fn keep(&self, session: SqlSession) {
        let mut readers = locked(&self.readers);
        if readers.len() < MAX_IDLE_READERS {
            readers.push(session);
        }
    }
}

/// Runs `work`, and repeats it if it failed because its tables had changed in the meantime.
fn read<T>(
    session: &SqlSession,
    work: impl Fn(&SqlSession) -> Result<T, RequestFailure>,
) -> Result<T, RequestFailure> {
    match work(session) {
        Err(_) if session.refresh()? => work(session),
        result => result,
    }
}

/// A session is consistent after a panic: its transaction is rolled back when its guard is dropped.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for SqlDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(_) => f.write_str("memory"),
            Self::File(file) => file.path.fmt(f),
        }
    }
}
