use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// Counts connections. Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct ConnectionCounters(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    open: AtomicU64,
    refused: AtomicU64,
    replaced: AtomicU64,
}

impl ConnectionCounters {
    pub(super) fn set_open(&self, connections: usize) {
        self.0.open.store(connections as u64, Relaxed);
    }

    pub(super) fn count_refused(&self) {
        self.0.refused.fetch_add(1, Relaxed);
    }

    pub(super) fn count_replaced(&self) {
        self.0.replaced.fetch_add(1, Relaxed);
    }

    /// Returns the number of open connections.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.0.open.load(Relaxed)
    }

    /// Returns the number of connections so far that were refused, because their address had too many.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Relaxed)
    }

    /// Returns the number of connections so far that were closed, because others needed their place.
    #[must_use]
    pub fn replaced(&self) -> u64 {
        self.0.replaced.load(Relaxed)
    }
}
