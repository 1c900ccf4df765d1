use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells work whether somebody still waits for its result. Clones share one state.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Whether nobody waits any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Held by the waiting side. Dropping it cancels the work, for example when a request times out.
#[derive(Debug, Default)]
pub struct CancelOnDrop(Cancellation);

impl CancelOnDrop {
    /// The cancellation for the working side.
    #[must_use]
    pub fn cancellation(&self) -> Cancellation {
        self.0.clone()
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
