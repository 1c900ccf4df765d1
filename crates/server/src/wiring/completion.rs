//! A request that was begun is brought to its end, though its client went away: a write of
//! several steps would otherwise stop between two of them, wherever the connection broke.

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};

/// The router whose requests go on without their clients.
pub(super) fn kept(router: Router) -> Router {
    router.layer(from_fn(finish))
}

async fn finish(request: Request, next: Next) -> Response {
    // A task of its own is not dropped with the connection; the limit of time inside still holds.
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        // Nothing cancels the task, so it panicked outside of the fence that answers panics.
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
