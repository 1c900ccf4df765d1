//! Renderings, diffs and merges: work on texts that takes much CPU time and must not delay other requests.

mod line_diff;

use std::{fmt, sync::mpsc};

use async_trait::async_trait;
pub use tintero_markdown::budget::{
    Budget, CancelOnDrop, Cancellation, Stopped, TextLimit, TooComplex, within,
};

pub(crate) use line_diff::diff_lines;

use crate::{
    access::Caller,
    error::{Error, Result},
    values::UserId,
};

/// The user whose share of the workers a job uses; `None` for background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkShare(pub Option<UserId>);

impl From<&Caller> for WorkShare {
    fn from(caller: &Caller) -> Self {
        Self(Some(caller.user_id))
    }
}

/// One job for the workers.
pub struct TextJob {
    size: usize,
    cancellation: Cancellation,
    work: Box<dyn FnOnce() + Send>,
}

impl TextJob {
    /// The length of the texts in bytes. Small jobs need no other thread.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether nobody waits for the result any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled()
    }

    /// Does the work in the current thread.
    pub fn run(self) {
        (self.work)();
    }
}

impl fmt::Debug for TextJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextJob")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Does jobs beside the threads that answer requests, with fairness between callers.
#[async_trait]
pub trait TextWorkers: Send + Sync {
    /// Does a job and returns when it is done. A job whose caller stops waiting is not started.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many jobs wait.
    async fn run(&self, share: WorkShare, job: TextJob) -> Result<()>;
}

/// Does `work` on texts of `size` bytes. It is cancelled when the returned future is dropped.
///
/// # Errors
/// [`Error::TooComplex`] if the work exceeds its budget, [`Error::Busy`] if too many jobs wait.
pub async fn on_workers<T: Send + 'static>(
    workers: &(impl TextWorkers + ?Sized),
    share: WorkShare,
    size: usize,
    work: impl FnOnce(&Budget) -> Result<T, Stopped> + Send + 'static,
) -> Result<T> {
    let waiting = CancelOnDrop::default();
    let (send, receive) = mpsc::sync_channel(1);
    let cancellation = waiting.cancellation();
    let job = TextJob {
        size,
        cancellation: waiting.cancellation(),
        work: Box::new(move || {
            // Only a caller that stopped waiting does not receive the result.
            drop(send.send(work(&Budget::new(cancellation))));
        }),
    };
    workers.run(share, job).await?;
    match receive.try_recv() {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Stopped::TooComplex(exceeded))) => Err(Error::TooComplex(exceeded)),
        // A worker that is stopping drops its jobs.
        Ok(Err(Stopped::Cancelled)) | Err(_) => Err(Error::Busy),
    }
}
