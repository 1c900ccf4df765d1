//! What the embedded database needs done from time to time, and DynamoDB does by itself.

use std::time::Duration;

use tintero_embedded::Engine;
use tokio::time::{MissedTickBehavior, interval};

/// How often items past their time are removed. Readers never see them, so this only frees space.
const SWEEP: Duration = Duration::from_mins(1);

/// Removes expired items until the process ends.
pub(super) fn keep(engine: Engine) {
    tokio::spawn(async move {
        let mut ticks = interval(SWEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once; a start has better things to do.
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match engine.sweep_expired().await {
                Ok(removed) => tracing::debug!(removed, "expired items are swept"),
                Err(error) => {
                    tracing::warn!(error = %format!("{:#}", anyhow::Error::new(error)), "expired items stay");
                }
            }
        }
    });
}
