use crate::budget::Stopped;

/// The reason why an expression has no value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    /// It is outside the supported subset.
    Unsupported,
    /// It exceeds the budget.
    Stopped(Stopped),
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

/// A value, which can be nil.
pub(super) type LiquidResult = Result<Option<String>, Failure>;
