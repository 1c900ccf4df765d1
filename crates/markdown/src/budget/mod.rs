//! Bounds the work on one text: steps, output and the number of nodes. Counts steps and stops when the
//! caller has stopped waiting.

mod cancellation;
mod limit;

use std::cell::Cell;

pub use cancellation::{CancelOnDrop, Cancellation};
pub use limit::{TextLimit, TooComplex};

/// The reason why the work on a text ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The text exceeds a limit.
    TooComplex(TooComplex),
    /// Nobody waits for the result any more.
    Cancelled,
}

/// The budget of one rendering, diff or merge.
///
/// Each pass over a text reports its steps. A step is about one byte that is read or written.
#[derive(Debug, Default)]
pub struct Budget {
    cancellation: Cancellation,
    steps: Cell<u64>,
    exceeded: Cell<Option<TooComplex>>,
}

impl Budget {
    /// Creates a budget for work that ends with `cancellation`.
    #[must_use]
    pub fn new(cancellation: Cancellation) -> Self {
        Self {
            cancellation,
            ..Self::default()
        }
    }

    /// The cancellation, for work that cannot borrow the budget.
    pub(crate) fn cancellation(&self) -> Cancellation {
        self.cancellation.clone()
    }

    /// Counts the steps of a pass.
    ///
    /// # Errors
    /// [`Stopped::TooComplex`] above [`TextLimit::Steps`], [`Stopped::Cancelled`] after a cancellation.
    pub fn spend(&self, steps: usize) -> Result<(), Stopped> {
        let total = self.steps.get() + steps as u64;
        self.steps.set(total);
        self.check()?;
        within(TextLimit::Steps, total)
    }

    /// Whether the work goes on.
    ///
    /// # Errors
    /// [`Stopped::Cancelled`] after a cancellation.
    pub fn check(&self) -> Result<(), Stopped> {
        if self.cancellation.is_cancelled() {
            return Err(Stopped::Cancelled);
        }
        Ok(())
    }

    /// The steps so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Records that the text exceeds a limit above which it is rendered in a simpler way.
    pub(crate) fn simplify(&self, limit: TextLimit) {
        if self.exceeded.get().is_none() {
            self.exceeded.set(Some(TooComplex { limit }));
        }
    }

    /// The first limit that [`simplify`](Self::simplify) recorded.
    pub(crate) fn exceeded(&self) -> Option<TooComplex> {
        self.exceeded.get()
    }
}

/// Compares an amount with a limit.
///
/// # Errors
/// [`Stopped::TooComplex`] if the amount is larger.
pub fn within(limit: TextLimit, amount: u64) -> Result<(), Stopped> {
    if amount > limit.max() {
        return Err(Stopped::TooComplex(TooComplex { limit }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_at_its_limit_of_steps() {
        let budget = Budget::default();
        let max = usize::try_from(TextLimit::Steps.max()).unwrap();
        assert_eq!(budget.spend(max), Ok(()));
        let limit = TextLimit::Steps;
        assert_eq!(
            budget.spend(1),
            Err(Stopped::TooComplex(TooComplex { limit }))
        );
    }

    #[test]
    fn a_budget_ends_when_nobody_waits() {
        let waiting = CancelOnDrop::default();
        let budget = Budget::new(waiting.cancellation());
        assert_eq!(budget.spend(1), Ok(()));
        drop(waiting);
        assert_eq!(budget.spend(1), Err(Stopped::Cancelled));
    }
}
