use std::time::Duration;

use async_trait::async_trait;

use super::{AttemptHistory, Guess};
use crate::{error::Result, values::Timestamp};

/// Answer to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum GuessAdmission {
    /// The attempt was counted and may proceed. Contains the attempts before it.
    Admitted(AttemptHistory),
    /// The guesser must wait. Nothing was counted.
    Wait(Duration),
}

/// Counts attempts for all servers together. The counts are not part of the audit trail.
#[async_trait]
pub trait GuessStore: Send + Sync {
    /// Counts an attempt, unless the guesser must wait. Of concurrent attempts at one account from one
    /// network, each sees the count of the one before.
    async fn admit(&self, guess: &Guess, now: Timestamp) -> Result<GuessAdmission>;

    /// Counts the failure of an admitted attempt for its network and its account.
    async fn count_failure(
        &self,
        guess: &Guess,
        earlier: &AttemptHistory,
        now: Timestamp,
    ) -> Result<()>;

    /// Forgets the attempts at an account from a network, after a success.
    async fn forget(&self, guess: &Guess) -> Result<()>;

    /// Forgets the attempts at an account from a network after a sign-in, and remembers the network as known
    /// for [`AttemptHistory::KNOWN_FOR`].
    async fn remember(&self, guess: &Guess, now: Timestamp) -> Result<()>;
}
