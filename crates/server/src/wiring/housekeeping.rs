//! What nobody asks for and somebody has to do. Readers never see whether it was done: it frees
//! space and saves capacity.

use std::{fmt::Display, time::Duration};

use tintero_domain::posts::Posts;
use tintero_embedded::Engine;
use tokio::time::{MissedTickBehavior, interval};

/// How often items past their time are removed, which DynamoDB does by itself.
const SWEEP: Duration = Duration::from_mins(1);

/// How often that is cleared away whose time has ended.
const CLEAR: Duration = Duration::from_secs(10);

/// Removes expired items of the embedded database until the process ends.
pub(super) fn sweep(engine: Engine) {
    every(SWEEP, "expired items are swept", move || {
        let engine = engine.clone();
        async move { engine.delete_expired().await }
    });
}

/// Clears away what is left of posts whose time has ended until the process ends.
pub(super) fn clear(posts: Posts) {
    every(CLEAR, "what is left of posts is cleared away", move || {
        let posts = posts.clone();
        async move { posts.run_cleanup().await }
    });
}

/// Does some work again and again.
fn every<F, N, E>(pause: Duration, done: &'static str, work: impl Fn() -> F + Send + 'static)
where
    F: Future<Output = Result<N, E>> + Send,
    N: Display,
    E: std::error::Error + Send + Sync + 'static,
{
    tokio::spawn(async move {
        let mut ticks = interval(pause);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once; a start has better things to do.
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match work().await {
                Ok(count) => tracing::debug!(%count, "{done}"),
                Err(error) => {
                    let error = format!("{:#}", anyhow::Error::new(error));
                    tracing::warn!(%error, "not now: {done}");
                }
            }
        }
    });
}
