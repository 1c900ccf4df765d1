//! Freshness of reads, and how long responses may be cached. Consistent reads cost twice as much.

use std::time::Duration;

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
