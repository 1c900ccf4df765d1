//! How old what is read may be: fresh reads cost twice as much.

/// How old what is read may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// As of now: every write that was acknowledged is seen.
    Now,
    /// As of at most five seconds ago.
    Recent,
}
