use axum::{extract::Request, response::Response};

use super::{flight::Flight, store::AnswerCache};
use crate::coding::{Coding, Compression};

/// Answers a read from the cache if it can, and stores its answer otherwise.
///
/// `accepted` is the coding that the client accepts; `load` returns the response of the routes.
pub(crate) async fn serve<F: Future<Output = Response>>(
    cache: &AnswerCache,
    compression: &Compression,
    accepted: Option<Coding>,
    request: Request,
    load: impl FnOnce(Request) -> F,
) -> Response {
    if !request.method().is_safe() {
        return write(cache, load(request)).await;
    }
    let Some(key) = cache.key(&request, accepted) else {
        return load(request).await;
    };
    let method = request.method().clone();
    let found = match cache.fresh(&key).await {
        Some(answer) => {
            cache.count_hit();
            Ok(answer)
        }
        // The routes answer HEAD without a body, which cannot be stored.
        None if method == http::Method::HEAD => Err(load(request).await),
        None => {
            let flight = Flight::new(cache, compression, request, load);
            // A hit does not pay for the size of this future.
            let landed = Box::pin(flight.land(&key)).await;
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
async fn write(cache: &AnswerCache, response: impl Future<Output = Response>) -> Response {
    let before = cache.writes().count();
    let response = response.await;
    if cache.writes().count() != before {
        cache.writes().add();
    }
    response
}
