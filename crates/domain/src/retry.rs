//! Repeated attempts at conditional writes.

use crate::error::{Error, Result};

/// Number of attempts at a write that conflicts with concurrent writes.
const MAX_ATTEMPTS: usize = 5;

/// Repeats `attempt` until it returns `Some`. An attempt reads the current state, writes a change
/// based on it, and returns `None` after
/// [`WriteOutcome::Conflict`](crate::writes::WriteOutcome::Conflict).
///
/// This takes `|| async {}` instead of an async closure because handlers require `Send` futures,
/// which the compiler does not prove for an async closure that borrows.
///
/// # Errors
/// Fails with the first error of an attempt, and with [`Error::Contended`] after five conflicts.
pub(crate) async fn retry_on_conflict<T, F>(mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    for _ in 0..MAX_ATTEMPTS {
        if let Some(value) = attempt().await? {
            return Ok(value);
        }
    }
    Err(Error::Contended)
}
