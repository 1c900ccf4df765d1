//! Renders, compares and merges texts on few threads, with fairness between callers.

#[cfg(test)]
mod tests;

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    text_work::{TextJob, TextWorkers, WorkShare},
};
use tokio::{sync::oneshot, task::spawn_blocking, time};

use crate::fair_queues::{QueueLimits, Queues};

/// Maximum size in bytes of jobs that are done on the calling thread, where they take less time than a
/// change of threads.
const MAX_INLINE_BYTES: usize = 4 * 1024;

/// Waiting jobs: those of 16 busy callers.
const LIMITS: QueueLimits = QueueLimits {
    total: 1024,
    each: 64,
};

/// The longest time for a job. It is shorter than the usual time limit of a request, so that the caller
/// learns that the pool is busy.
const MAX_WAIT: Duration = Duration::from_secs(15);

/// Does jobs on texts. Clones share their threads and queues.
#[derive(Debug, Clone)]
pub(crate) struct TextPool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    threads: usize,
    state: Mutex<PoolState>,
}

#[derive(Debug)]
struct PoolState {
    queues: Queues<WorkShare, Waiting>,
    running: usize,
    refused: u64,
}

/// The load of a pool at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PoolStatistics {
    /// Number of busy threads.
    pub(crate) busy: usize,
    /// Number of waiting jobs.
    pub(crate) waiting: usize,
    /// Number of jobs so far that were not done because too many were waiting.
    pub(crate) refused: u64,
}

#[derive(Debug)]
struct Waiting {
    job: TextJob,
    done: oneshot::Sender<thread::Result<()>>,
}

impl TextPool {
    /// Creates a pool. The default number of threads is the number of cores.
    pub(crate) fn new(threads: Option<NonZeroUsize>) -> Self {
        let cores = || thread::available_parallelism().ok();
        let threads = threads.or_else(cores).map_or(1, NonZeroUsize::get);
        let state = PoolState {
            queues: Queues::new(LIMITS),
            running: 0,
            refused: 0,
        };
        Self(Arc::new(Shared {
            threads,
            state: Mutex::new(state),
        }))
    }

    /// Returns the current load.
    pub(crate) fn statistics(&self) -> PoolStatistics {
        let state = self.state();
        PoolStatistics {
            busy: state.running,
            waiting: state.queues.waiting(),
            refused: state.refused,
        }
    }

    fn refuse(&self) -> Error {
        self.state().refused += 1;
        Error::Busy
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job to the queue of its owner. Returns whether it needs another thread, or `None` if too many jobs
    /// wait.
    fn enqueue(&self, share: WorkShare, waiting: Waiting) -> Option<bool> {
        let mut state = self.state();
        if let Err(waiting) = state.queues.push(share, waiting) {
            state.queues.retain(|waiting| !waiting.job.is_cancelled());
            state.queues.push(share, waiting).ok()?;
        }
        let needs_thread = state.running < self.0.threads;
        state.running += usize::from(needs_thread);
        Some(needs_thread)
    }

    /// Does jobs until none waits.
    fn work(&self) {
        while let Some(Waiting { job, done }) = self.next() {
            let outcome = if job.is_cancelled() {
                Ok(())
            } else {
                catch_unwind(AssertUnwindSafe(|| job.run()))
            };
            // A caller that stopped waiting does not receive the outcome.
            drop(done.send(outcome));
        }
    }

    fn next(&self) -> Option<Waiting> {
        let mut state = self.state();
        let next = state.queues.pop();
        state.running -= usize::from(next.is_none());
        next
    }
}

#[async_trait]
impl TextWorkers for TextPool {
    async fn run(&self, share: WorkShare, job: TextJob) -> Result<()> {
        if job.size() <= MAX_INLINE_BYTES {
            job.run();
            return Ok(());
        }
        let (done, outcome) = oneshot::channel();
        let enqueued = self.enqueue(share, Waiting { job, done });
        if enqueued.ok_or_else(|| self.refuse())? {
            let pool = self.clone();
            spawn_blocking(move || pool.work());
        }
        match time::timeout(MAX_WAIT, outcome).await {
            Ok(Ok(Ok(()))) => Ok(()),
            // The middleware handles the panic.
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(_)) | Err(_) => Err(self.refuse()),
        }
    }
}
