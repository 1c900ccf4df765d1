use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{sync::Semaphore, time};

use crate::{
    app::HttpConfig,
    problem::{Problem, ProblemType},
};

/// Limits of concurrency and time.
#[derive(Clone)]
pub(super) struct RequestLimits {
    slots: Arc<Semaphore>,
    timeout: Duration,
}

impl RequestLimits {
    pub(super) fn new(config: &HttpConfig) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(config.max_concurrency)),
            timeout: config.request_timeout,
        }
    }
}

/// Rejects requests above the concurrency limit, and cancels those above the time limit.
///
/// `/healthz` has no concurrency limit, because a busy instance is healthy.
pub(super) async fn enforce(
    State(limits): State<RequestLimits>,
    request: Request,
    next: Next,
) -> Response {
    let _slot = match limits.slots.try_acquire() {
        Ok(slot) => Some(slot),
        Err(_) if request.uri().path() == "/healthz" => None,
        Err(_) => return Problem::new(ProblemType::Overloaded).into_response(),
    };
    time::timeout(limits.timeout, next.run(request))
        .await
        .unwrap_or_else(|_| Problem::new(ProblemType::Timeout).into_response())
}
