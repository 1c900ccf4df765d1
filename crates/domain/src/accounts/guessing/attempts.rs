use std::time::Duration;

use super::{GuessTarget, slowdown::Slowdowns};
use crate::{accounts::HashClass, values::Timestamp};

/// Attempts that are remembered together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttemptCount {
    /// Number of attempts.
    pub attempts: u32,
    /// Time until which no further attempt is admitted.
    pub blocked_until: Option<Timestamp>,
}

impl AttemptCount {
    /// Time after the last attempt, or after the end of the wait, in which attempts are remembered.
    pub const MEMORY: Duration = Duration::from_hours(24);

    fn wait(self, now: Timestamp) -> Duration {
        self.blocked_until
            .map_or(Duration::ZERO, |until| until.since(now))
    }

    fn add(self, now: Timestamp, wait: impl FnOnce(u32) -> Duration) -> Self {
        let attempts = self.attempts.saturating_add(1);
        let wait = wait(attempts);
        Self {
            attempts,
            blocked_until: (!wait.is_zero()).then(|| now.after(wait)),
        }
    }

    /// Time after which the attempts are forgotten.
    #[must_use]
    pub fn forgotten_at(self, now: Timestamp) -> Timestamp {
        let last = self.blocked_until.unwrap_or(now);
        last.not_before(now).after(Self::MEMORY)
    }
}

/// The earlier attempts that matter for a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttemptHistory {
    /// Attempts at this account from this network since its last success.
    pub pair: AttemptCount,
    /// Failures from this network over all accounts.
    pub network: AttemptCount,
    /// Failures at this account from all networks.
    pub account: AttemptCount,
    /// Whether the account signed in from this network within [`AttemptHistory::KNOWN_FOR`].
    pub is_known: bool,
}

impl AttemptHistory {
    /// Time after a sign-in in which its network is known for the account.
    pub const KNOWN_FOR: Duration = Duration::from_hours(90 * 24);

    /// Attempts from which a client counts as a guesser, also in a known network.
    const MANY: u32 = 10;

    /// Returns the class of a hash for the next attempt.
    #[must_use]
    pub fn hash_class(&self) -> HashClass {
        if self.is_known && self.pair.attempts < Self::MANY {
            return HashClass::Known;
        }
        match self.pair.attempts.max(self.network.attempts) {
            0 => HashClass::First,
            1..Self::MANY => HashClass::Repeated,
            _ => HashClass::Guesser,
        }
    }

    /// Returns how long the guesser must wait; zero if the attempt is admitted.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Duration {
        self.pair.wait(now).max(self.network.wait(now))
    }

    /// Returns the attempts at the account from the network with one more.
    #[must_use]
    pub fn next_pair(&self, target: GuessTarget, now: Timestamp) -> AttemptCount {
        let slowdowns = Slowdowns::of(target);
        // Guessers elsewhere do not make the waits of the owner at home longer.
        let is_attacked = self.account.attempts >= slowdowns.attack && !self.is_known;
        let slowdown = if is_attacked {
            slowdowns.attacked
        } else {
            slowdowns.pair
        };
        self.pair.add(now, |attempts| slowdown.wait(attempts))
    }

    /// Returns the failures of the network with one more.
    #[must_use]
    pub fn next_network(&self, target: GuessTarget, now: Timestamp) -> AttemptCount {
        let slowdown = Slowdowns::of(target).network;
        self.network.add(now, |attempts| slowdown.wait(attempts))
    }

    /// Returns the failures of the account with one more. They block nobody.
    #[must_use]
    pub fn next_account(&self, now: Timestamp) -> AttemptCount {
        self.account.add(now, |_| Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn the_waits_of_one_network_grow() {
        let (mut history, mut now, mut waits) = (AttemptHistory::default(), at(0), vec![]);
        for _ in 0..20 {
            let wait = history.wait(now);
            waits.push(wait.as_secs());
            now = now.after(wait);
            history.pair = history.next_pair(GuessTarget::SignIn, now);
        }
        assert_eq!(waits[..9], [0, 0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(waits[19], 900);
    }

    #[test]
    fn an_attacked_account_admits_one_attempt_from_every_network() {
        let mut attacked = AttemptHistory::default();
        for _ in 0..100 {
            attacked.account = attacked.next_account(at(0));
        }
        assert_eq!(attacked.wait(at(0)), Duration::ZERO);
        attacked.pair = attacked.next_pair(GuessTarget::SignIn, at(0));
        assert_eq!(attacked.wait(at(0)), Duration::from_mins(1));
        assert_eq!(attacked.wait(at(61)), Duration::ZERO);
    }

    #[test]
    fn a_known_network_of_an_attacked_account_keeps_its_free_attempts() {
        let mut attacked = AttemptHistory {
            is_known: true,
            ..AttemptHistory::default()
        };
        attacked.account.attempts = 1_000;
        for _ in 0..4 {
            attacked.pair = attacked.next_pair(GuessTarget::SignIn, at(0));
            assert_eq!(attacked.wait(at(0)), Duration::ZERO);
        }
        attacked.pair = attacked.next_pair(GuessTarget::SignIn, at(0));
        assert_eq!(attacked.wait(at(0)), Duration::from_secs(1));
    }

    #[test]
    fn hashes_of_known_networks_come_first_and_those_of_guessers_last() {
        let class = |is_known, pair, network| {
            let count = |attempts| AttemptCount {
                attempts,
                blocked_until: None,
            };
            let history = AttemptHistory {
                pair: count(pair),
                network: count(network),
                account: count(1_000),
                is_known,
            };
            history.hash_class()
        };
        assert_eq!(class(true, 0, 50), HashClass::Known);
        assert_eq!(class(true, 9, 0), HashClass::Known);
        assert_eq!(class(true, 10, 0), HashClass::Guesser);
        assert_eq!(class(false, 0, 0), HashClass::First);
        assert_eq!(class(false, 1, 0), HashClass::Repeated);
        assert_eq!(class(false, 0, 10), HashClass::Guesser);
        assert!(HashClass::Known < HashClass::First && HashClass::Repeated < HashClass::Guesser);
    }

    #[test]
    fn attempts_are_remembered_for_a_day_after_the_wait() {
        let blocked = AttemptCount {
            attempts: 9,
            blocked_until: Some(at(60)),
        };
        let day = 24 * 60 * 60;
        assert_eq!(blocked.forgotten_at(at(0)), at(60 + day));
        assert_eq!(AttemptCount::default().forgotten_at(at(5)), at(5 + day));
    }
}
