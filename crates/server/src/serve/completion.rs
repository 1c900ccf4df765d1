//! Completes writes after the client has disconnected. Otherwise a write of several steps could stop
//! between two of them. Reads stop with the connection.

use axum::{Router, extract::Request, response::Response};
use tower::ServiceExt as _;

/// Returns the response of the router. A write runs in a task of its own.
pub(crate) async fn respond(router: Router, request: Request) -> Response {
    if request.method().is_safe() {
        return routed(router, request).await;
    }
    // A task is not dropped with the connection. The timeout of the request still applies.
    match tokio::spawn(routed(router, request)).await {
        Ok(response) => response,
        // The task is never cancelled, so it panicked outside of the middleware for panics.
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

async fn routed(router: Router, request: Request) -> Response {
    let response = router.oneshot(request).await;
    response.unwrap_or_else(|never| match never {})
}
