//! The least rate at which clients must send and receive.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// The least rate: within `window` of waiting for a client, at least `bytes` bytes must pass.
#[derive(Debug, Clone, Copy)]
pub struct MinRate {
    /// Time of waiting for the client. The time in which the server itself works does not count.
    pub window: Duration,
    /// Number of bytes.
    pub bytes: u64,
}

/// Measures one direction of a connection.
pub(super) struct Pace {
    rate: MinRate,
    /// Bytes of the current window.
    bytes: u64,
    /// Time of the current window, without the current wait.
    waited: Duration,
    /// Start of the current wait.
    since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    pub(super) fn new(rate: MinRate) -> Self {
        Self {
            rate,
            bytes: 0,
            waited: Duration::ZERO,
            since: None,
            timer: None,
        }
    }

    /// Records that `bytes` bytes passed, which ends a wait.
    pub(super) fn progress(&mut self, bytes: usize) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes >= self.rate.bytes {
            self.bytes = 0;
            self.waited = Duration::ZERO;
        }
    }

    /// Records that the connection waits for the client. Ready if the client is too slow.
    pub(super) fn poll_too_slow(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(|| {
            self.timer = None;
            Instant::now()
        });
        let end = since + self.rate.window.saturating_sub(self.waited);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        timer.as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::{advance, sleep};

    use super::*;

    const RATE: MinRate = MinRate {
        window: Duration::from_secs(30),
        bytes: 100,
    };

    /// Waits `seconds` for a client that then sends `bytes`. Returns whether it was too slow.
    async fn wait(pace: &mut Pace, seconds: u64, bytes: usize) -> bool {
        let is_slow = tokio::select! {
            biased;
            () = poll_fn(|context| pace.poll_too_slow(context)) => true,
            () = sleep(Duration::from_secs(seconds)) => false,
        };
        pace.progress(bytes);
        is_slow
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_at_the_least_rate_may_take_any_time() {
        let mut pace = Pace::new(RATE);
        for _ in 0..1000 {
            assert!(!wait(&mut pace, 29, 100).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_and_one_that_trickles_are_too_slow() {
        let mut pace = Pace::new(RATE);
        assert!(wait(&mut pace, 31, 0).await);

        let mut pace = Pace::new(RATE);
        let mut slow = 0;
        for second in 1..=31 {
            if wait(&mut pace, 1, 3).await {
                slow = second;
                break;
            }
        }
        assert_eq!(slow, 30, "97 bytes passed in 30 seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn the_work_of_the_server_does_not_count() {
        let mut pace = Pace::new(RATE);
        for _ in 0..20 {
            assert!(!wait(&mut pace, 1, 1).await);
            advance(Duration::from_hours(1)).await;
        }
    }
}
