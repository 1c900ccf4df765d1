use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{flight::Flight, store::AnswerCache};
use crate::coding::Compression;

/// The state of [`serve`].
#[derive(Clone)]
pub(crate) struct CacheLayer {
    /// The stored answers.
    pub(crate) cache: AnswerCache,
    /// Compresses stored answers.
    pub(crate) compression: Compression,
}

/// Answers a read from the cache if it can, and stores its answer otherwise.
pub(crate) async fn serve(
    State(CacheLayer { cache, compression }): State<CacheLayer>,
    request: Request,
    next: Next,
) -> Response {
    if !request.method().is_safe() {
        return write(&cache, request, next).await;
    }
    let coding = compression.coding(request.headers());
    let Some(key) = cache.key(&request, coding) else {
        return next.run(request).await;
    };
    let method = request.method().clone();
    let found = match cache.fresh(&key).await {
        Some(answer) => {
            cache.count_hit();
            Ok(answer)
        }
        // The routes answer HEAD without a body, which cannot be stored.
        None if method == http::Method::HEAD => Err(next.run(request).await),
        None => {
            let landed = Flight::new(&cache, &compression, request, next)
                .land(&key)
                .await;
            landed.inspect(|_| cache.count_miss())
        }
    };
    found.map_or_else(
        |response| response,
        |answer| answer.response(&method, cache.now()),
    )
}

/// Sends a write to the routes.
///
/// A write is counted when its transaction ends. Caches below the routes can still have values from before
/// it at that time, so it is counted again before it is acknowledged.
async fn write(cache: &AnswerCache, request: Request, next: Next) -> Response {
    let before = cache.writes().count();
    let response = next.run(request).await;
    if cache.writes().count() != before {
        cache.writes().add();
    }
    response
}
