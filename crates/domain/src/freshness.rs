//! How old what is read may be, and how long it stays so: fresh reads cost twice as much, and
//! what changes by itself at a known moment must not be kept beyond it.

use std::time::Duration;

/// How old what is read may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// As of now: every write that was acknowledged is seen.
    Now,
    /// As of at most five seconds ago.
    Recent,
}

/// What was read, and for how long it stays so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cacheable<T> {
    /// What was read.
    pub what: T,
    /// How long until it changes by itself, as far as that is planned.
    pub quiet: Option<Duration>,
}

impl<T> Cacheable<T> {
    /// The same about something else.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Cacheable<U> {
        Cacheable {
            what: f(self.what),
            quiet: self.quiet,
        }
    }
}
