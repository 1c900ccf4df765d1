use crate::budget::Stopped;

/// The reason why an expression has no value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    /// It is outside the supported subset, or needs a value that only the generator knows.
    Unsupported,
    /// It exceeds the budget.
    Stopped(Stopped),
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

pub(super) type LiquidResult<T> = Result<T, Failure>;
