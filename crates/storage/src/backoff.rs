//! Retries with growing random pauses, so that colliding writers do not collide again.

use std::time::Duration;

use rand::RngExt as _;

/// Calls `call` up to `attempts` times, until it succeeds or fails with an error that is not
/// `transient`.
pub(crate) async fn retry<T, E, F>(
    attempts: u32,
    transient: impl Fn(&E) -> bool,
    mut call: impl FnMut() -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut attempt = 1;
    loop {
        match call().await {
            Err(error) if attempt < attempts && transient(&error) => pause(attempt).await,
            result => return result,
        }
        attempt += 1;
    }
}

/// Waits for a random part of 10 ms, doubled with each attempt.
pub(crate) async fn pause(attempt: u32) {
    let longest = 10_u64 << attempt.min(6);
    let millis = rand::rng().random_range(0..=longest);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
