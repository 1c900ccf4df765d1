//! The thread that writes to a database file.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread::{self, JoinHandle};

use super::group::{self, Job};
use super::{SqlSession, opening};
use crate::error::EngineError;

/// Maximum number of writes in one commit.
const MAX_WRITES: usize = 64;

/// A group takes no further write after this many bytes of requests.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Pages in the write-ahead log from which they are copied to the database.
const CHECKPOINT_PAGES: i64 = 1_000;

/// Pages in the write-ahead log from which a checkpoint waits for readers, so that the log ends.
const RESTART_PAGES: i64 = 32_000;

/// Sends writes to the thread. The thread ends when this value is dropped.
pub(super) struct Writer {
    queue: Option<Sender<QueuedJob>>,
    thread: Option<JoinHandle<()>>,
}

struct QueuedJob {
    job: Box<dyn Job>,
    bytes: usize,
}

impl Writer {
    /// Opens the file and starts the thread.
    pub(super) fn start(path: &Path) -> Result<Self, EngineError> {
        let session = opening::writer(path)?;
        let (queue, jobs) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("tintero-writer".to_owned())
            .spawn(move || work(&session, &jobs))
            .map_err(|error| EngineError::of_io(path, error))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Queues a write of about `bytes` bytes. Returns it if the thread has ended.
    pub(super) fn send(&self, job: Box<dyn Job>, bytes: usize) -> Result<(), Box<dyn Job>> {
        match &self.queue {
            Some(queue) => queue
                .send(QueuedJob { job, bytes })
                .map_err(|unsent| unsent.0.job),
            None => Err(job),
        }
    }
}

impl Drop for Writer {
    /// Waits until the queued writes are done and the file is closed.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // It has panicked only if a destructor did; there is nothing left to do.
            drop(thread.join());
        }
    }
}

fn work(session: &SqlSession, queue: &Receiver<QueuedJob>) {
    while let Ok(first) = queue.recv() {
        group::commit(session, waiting(first, queue));
        // The next checkpoint does what this one could not.
        drop(checkpoint(session));
    }
}

/// Returns the first write and those that wait behind it.
fn waiting(first: QueuedJob, queue: &Receiver<QueuedJob>) -> Vec<Box<dyn Job>> {
    let mut bytes = first.bytes;
    let mut jobs = vec![first.job];
    while jobs.len() < MAX_WRITES && bytes < MAX_BYTES {
        match queue.try_recv() {
            Ok(next) => {
                bytes += next.bytes;
                jobs.push(next.job);
            }
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
        }
    }
    jobs
}

/// Copies a long write-ahead log to the database.
fn checkpoint(session: &SqlSession) -> rusqlite::Result<()> {
    let log = session.checkpoint("NOOP")?;
    if log.pages >= RESTART_PAGES {
        session.checkpoint("RESTART")?;
    } else if log.pages - log.copied >= CHECKPOINT_PAGES {
        session.checkpoint("PASSIVE")?;
    }
    Ok(())
}
