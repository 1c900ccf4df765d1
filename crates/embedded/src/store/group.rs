//! Commits several writes with one sync of the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{RequestFailure, SqlSession};

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// Makes the changes and remembers the result.
    fn run(&mut self, session: &SqlSession) -> Outcome;

    /// Returns the result to the caller.
    fn answer(self: Box<Self>);

    /// Returns a failure instead of the result, because the group was not committed.
    fn fail(self: Box<Self>, failure: RequestFailure);
}

/// What becomes of the changes of a write.
pub(super) enum Outcome {
    Keep,
    RollBack,
    /// SQLite failed. It may have rolled back the whole group.
    Failed(Arc<rusqlite::Error>),
}

pub(super) struct QueuedWrite<T, W> {
    work: Option<W>,
    result: Option<Result<T, RequestFailure>>,
    reply: oneshot::Sender<Result<T, RequestFailure>>,
}

impl<T, W> QueuedWrite<T, W>
where
    T: Send,
    W: FnOnce(&SqlSession) -> Result<T, RequestFailure> + Send,
{
    pub(super) fn new(work: W) -> (Self, oneshot::Receiver<Result<T, RequestFailure>>) {
        let (reply, receiver) = oneshot::channel();
        let write = Self {
            work: Some(work),
            result: None,
            reply,
        };
        (write, receiver)
    }
}

impl<T, W> Job for QueuedWrite<T, W>
where
    T: Send,
    W: FnOnce(&SqlSession) -> Result<T, RequestFailure> + Send,
{
    fn run(&mut self, session: &SqlSession) -> Outcome {
        let Some(work) = self.work.take() else {
            return Outcome::RollBack;
        };
        // A panic leaves the session as it was before the request: the changes are rolled back.
        let result = catch_unwind(AssertUnwindSafe(|| work(session)));
        let result = result.unwrap_or(Err(RequestFailure::Panicked));
        let outcome = match &result {
            Ok(_) => Outcome::Keep,
            Err(RequestFailure::Sqlite(error)) => Outcome::Failed(Arc::clone(error)),
            Err(_) => Outcome::RollBack,
        };
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // The caller may have gone away.
            drop(self.reply.send(result));
        }
    }

    fn fail(self: Box<Self>, failure: RequestFailure) {
        drop(self.reply.send(Err(failure)));
    }
}

/// Runs the writes in order, each on its own, and commits them together. Answers after the commit, or
/// fails all of them if the commit fails.
pub(super) fn commit(session: &SqlSession, mut jobs: Vec<Box<dyn Job>>) {
    match run(session, &mut jobs) {
        Ok(()) => jobs.into_iter().for_each(Job::answer),
        Err(error) => {
            abandon(session);
            for job in jobs {
                job.fail(RequestFailure::Sqlite(Arc::clone(&error)));
            }
        }
    }
}

fn run(session: &SqlSession, jobs: &mut [Box<dyn Job>]) -> Result<(), Arc<rusqlite::Error>> {
    session.execute("BEGIN IMMEDIATE")?;
    session.refresh()?;
    for job in jobs {
        session.execute("SAVEPOINT request")?;
        match job.run(session) {
            Outcome::Keep => {}
            Outcome::Failed(error) if session.connection.is_autocommit() => return Err(error),
            Outcome::RollBack | Outcome::Failed(_) => session.execute("ROLLBACK TO request")?,
        }
        session.execute("RELEASE request")?;
    }
    session.execute("COMMIT")?;
    Ok(())
}

/// Ends a transaction that failed, so that the next one can start.
fn abandon(session: &SqlSession) {
    session.forget();
    if !session.connection.is_autocommit() {
        // If it fails, so does the next BEGIN, and with it the next group.
        drop(session.execute("ROLLBACK"));
    }
}
