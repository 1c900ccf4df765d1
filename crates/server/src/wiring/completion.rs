//! Completes writes after the client has disconnected. Otherwise a write of several steps could stop
//! between two of them. Reads stop with the connection.

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};

/// Runs every write in its own task.
pub(super) fn with_completion(router: Router) -> Router {
    router.layer(from_fn(complete))
}

async fn complete(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    // A task is not dropped with the connection. The timeout of the request still applies.
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        // The task is never cancelled, so it panicked outside of the middleware for panics.
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
