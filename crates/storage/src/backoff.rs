//! How long to wait before the same is tried again.

use std::time::Duration;

use rand::RngExt as _;

/// Waits before the next attempt: 10 ms doubled each time, and a random part of that.
pub(crate) async fn pause(attempt: u32) {
    let longest = 10_u64 << attempt.min(6);
    let millis = rand::rng().random_range(0..=longest);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
