//! Freshness of reads, and how long responses may be cached. Consistent reads cost twice as much.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Required freshness of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Includes every acknowledged write.
    Now,
    /// At most five seconds old.
    Recent,
}

/// A value with the time for which it stays valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cacheable<T> {
    /// The value.
    pub value: T,
    /// Time until the next scheduled change, if there is one.
    pub fresh_for: Option<Duration>,
}

impl<T> Cacheable<T> {
    /// Converts the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Cacheable<U> {
        Cacheable {
            value: f(self.value),
            fresh_for: self.fresh_for,
        }
    }
}

/// Counts the writes of this process that can change an answer to an anonymous caller.
///
/// An answer read before a write has another count than one read after it, so a cache that stores the
/// count with each answer never serves an outdated one. Clones share the count.
#[derive(Debug, Clone, Default)]
pub struct PublicWrites(Arc<AtomicU64>);

impl PublicWrites {
    /// The number of writes so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Counts a write that may have been applied.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
