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
    window: Window,
    timer: Option<Pin<Box<Sleep>>>,
}

/// The current window.
struct Window {
    rate: MinRate,
    bytes: u64,
    /// Time of waiting, without the current wait.
    waited: Duration,
    /// Start of the current wait.
    since: Option<Instant>,
}

impl Pace {
    pub(super) fn new(rate: MinRate) -> Self {
        Self {
            window: Window::new(rate),
            timer: None,
        }
    }

    /// Records that `bytes` bytes passed, which ends a wait.
    pub(super) fn progress(&mut self, bytes: usize) {
        if self.window.progress(bytes, Instant::now) {
            self.timer = None;
        }
    }

    /// Records that the connection waits for the client. Ready if the client is too slow.
    pub(super) fn poll_too_slow(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let end = self.window.wait(Instant::now);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        timer.as_mut().poll(context)
    }
}

impl Window {
    fn new(rate: MinRate) -> Self {
        Self {
            rate,
            bytes: 0,
            waited: Duration::ZERO,
            since: None,
        }
    }

    /// Records that `bytes` bytes passed. Returns whether that ended a wait.
    fn progress(&mut self, bytes: usize, now: impl FnOnce() -> Instant) -> bool {
        let since = self.since.take();
        if let Some(since) = since {
            self.waited += now().duration_since(since);
        }
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes >= self.rate.bytes {
            self.bytes = 0;
            self.waited = Duration::ZERO;
        }
        since.is_some()
    }

    /// Records that the connection waits for the client. Returns the time at which it waits too long.
    fn wait(&mut self, now: impl FnOnce() -> Instant) -> Instant {
        let since = *self.since.get_or_insert_with(now);
        since + self.rate.window.saturating_sub(self.waited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: MinRate = MinRate {
        window: Duration::from_secs(30),
        bytes: 100,
    };

    /// A client with a clock of its own.
    struct ConnectedClient {
        window: Window,
        now: Instant,
    }

    impl ConnectedClient {
        fn new() -> Self {
            Self {
                window: Window::new(RATE),
                now: Instant::now(),
            }
        }

        /// Sends `bytes` bytes after `seconds` of waiting for them. Returns whether it was too slow.
        fn sends(&mut self, bytes: usize, seconds: u64) -> bool {
            let end = self.window.wait(|| self.now);
            self.now += Duration::from_secs(seconds);
            self.window.progress(bytes, || self.now);
            self.now >= end
        }
    }

    #[test]
    fn a_client_at_the_least_rate_may_take_any_time() {
        let mut client = ConnectedClient::new();
        assert!((0..1000).all(|_| !client.sends(100, 29)));
    }

    #[test]
    fn a_silent_client_and_one_that_trickles_are_too_slow() {
        assert!(ConnectedClient::new().sends(0, 30));
        let mut client = ConnectedClient::new();
        let slow = (1..100).find(|_| client.sends(3, 1));
        assert_eq!(slow, Some(30), "90 bytes passed in 30 seconds");
    }

    #[test]
    fn the_work_of_the_server_does_not_count() {
        let mut client = ConnectedClient::new();
        for _ in 0..29 {
            assert!(!client.sends(1, 1));
            client.now += Duration::from_hours(1);
        }
        assert!(client.sends(1, 1));
    }
}
