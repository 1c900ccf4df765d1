use std::time::Duration;

use super::GuessTarget;

/// Waits that double with each attempt after the first ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slowdown {
    /// Attempts without a wait.
    pub(super) free: u32,
    /// The wait after the last free attempt.
    pub(super) first: Duration,
    /// The longest wait.
    pub(super) longest: Duration,
}

impl Slowdown {
    const fn new(free: u32, first: u64, longest: u64) -> Self {
        Self {
            free,
            first: Duration::from_secs(first),
            longest: Duration::from_secs(longest),
        }
    }

    /// Returns the wait after `attempts` attempts.
    pub(super) fn wait(self, attempts: u32) -> Duration {
        let Some(beyond) = attempts.checked_sub(self.free) else {
            return Duration::ZERO;
        };
        let factor = 1_u32.checked_shl(beyond).filter(|_| beyond < 31);
        let wait = factor.and_then(|factor| self.first.checked_mul(factor));
        wait.map_or(self.longest, |wait| wait.min(self.longest))
    }
}

/// The waits for one kind of secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slowdowns {
    /// For one account from one network.
    pub(super) pair: Slowdown,
    /// For one account from one network, if the account has many failures from all networks.
    pub(super) attacked: Slowdown,
    /// For one network over all accounts.
    pub(super) network: Slowdown,
    /// Failures after which an account counts as attacked.
    pub(super) attack: u32,
}

impl Slowdowns {
    pub(super) fn of(target: GuessTarget) -> Self {
        match target {
            // An office behind one address shares the count of failures, so it is larger.
            GuessTarget::SignIn => Self {
                pair: Slowdown::new(5, 1, 15 * 60),
                attacked: Slowdown::new(1, 60, 60 * 60),
                network: Slowdown::new(30, 1, 15 * 60),
                attack: 100,
            },
            // Six digits, of which three are right at any time: an hour between guesses leaves a chance of one
            // in 14,000 for each day.
            GuessTarget::Code => Self {
                pair: Slowdown::new(5, 1, 60 * 60),
                attacked: Slowdown::new(5, 1, 60 * 60),
                network: Slowdown::new(u32::MAX, 1, 1),
                attack: u32::MAX,
            },
            GuessTarget::Mail => Self {
                pair: Slowdown::new(3, 60, 60 * 60),
                attacked: Slowdown::new(1, 10 * 60, 60 * 60),
                network: Slowdown::new(10, 60, 60 * 60),
                attack: 10,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let slowdown = Slowdown::new(5, 1, 900);
        let waits: Vec<u64> = [0, 4, 5, 6, 7, 14, 15, 16, 200, u32::MAX]
            .map(|attempts| slowdown.wait(attempts).as_secs())
            .into();
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900, 900, 900]);
    }
}
