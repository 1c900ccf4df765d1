//! Periodic cleanup. Reads ignore expired items, so it only frees space and saves capacity.

use std::{fmt::Display, time::Duration};

use tintero_domain::{images::Images, posts::Posts, redirects::Redirects};
use tintero_embedded::Engine;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::error_chain;

/// Interval of the deletion of expired items, which DynamoDB itself does on AWS.
const EXPIRED_ITEMS_INTERVAL: Duration = Duration::from_mins(1);

/// Interval of the cleanup of posts.
const POSTS_INTERVAL: Duration = Duration::from_secs(10);

/// Interval at which posts are rendered again whose links lead elsewhere.
const LINKS_INTERVAL: Duration = Duration::from_secs(5);

/// Interval of the cleanup of the trash of images.
const TRASH_INTERVAL: Duration = Duration::from_mins(1);

/// Interval at which requests for unknown addresses are stored. Those of the last interval are lost if the
/// process crashes.
const UNKNOWN_ADDRESSES_INTERVAL: Duration = Duration::from_mins(1);

/// Deletes expired items of the embedded database until the process ends.
pub(super) fn delete_expired_items(engine: Engine) {
    spawn_periodic(
        EXPIRED_ITEMS_INTERVAL,
        "deletion of expired items",
        move || {
            let engine = engine.clone();
            async move { engine.delete_expired().await }
        },
    );
}

/// Records the images of posts that an earlier version wrote. Repeats it after a failure.
pub(super) fn record_image_uses(posts: Posts) {
    tokio::spawn(async move {
        while let Err(error) = posts.record_earlier_uses(|| true).await {
            tracing::warn!(error = %error_chain(error), "recording the images of posts failed");
            sleep(POSTS_INTERVAL).await;
        }
    });
}

/// Cleans up after posts until the process ends.
pub(super) fn clean_up_posts(posts: Posts) {
    spawn_periodic(POSTS_INTERVAL, "cleanup of posts", move || {
        let posts = posts.clone();
        async move { posts.run_cleanup().await }
    });
}

/// Renders posts again whose links lead elsewhere now, until the process ends.
pub(super) fn follow_links(posts: Posts) {
    spawn_periodic(LINKS_INTERVAL, "rendering of changed links", move || {
        let posts = posts.clone();
        async move { posts.follow_links(|| true).await }
    });
}

/// Deletes images whose time in the trash has ended, until the process ends.
pub(super) fn empty_trash(images: Images) {
    spawn_periodic(TRASH_INTERVAL, "emptying the trash of images", move || {
        let images = images.clone();
        async move { images.empty_trash().await }
    });
}

/// Stores the requests for unknown addresses until the process ends.
pub(super) fn store_unknown_addresses(redirects: Redirects) {
    spawn_periodic(
        UNKNOWN_ADDRESSES_INTERVAL,
        "storing unknown addresses",
        move || {
            let redirects = redirects.clone();
            async move { redirects.store_unknown_addresses().await }
        },
    );
}

fn spawn_periodic<F, N, E>(
    period: Duration,
    name: &'static str,
    work: impl Fn() -> F + Send + 'static,
) where
    F: Future<Output = Result<N, E>> + Send,
    N: Display,
    E: std::error::Error + Send + Sync + 'static,
{
    tokio::spawn(async move {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick completes immediately. No cleanup is necessary at the start.
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match work().await {
                Ok(count) => tracing::debug!(%count, "{name} finished"),
                Err(error) => tracing::warn!(error = %error_chain(error), "{name} failed"),
            }
        }
    });
}
