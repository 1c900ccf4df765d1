use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    app::HttpConfig,
    problem::{Kind, Problem},
};

/// How much is worked on at once, and for how long.
#[derive(Clone)]
pub(super) struct Limits {
    places: Arc<Semaphore>,
    longest: Duration,
}

impl Limits {
    pub(super) fn new(config: &HttpConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.max_concurrency)),
            longest: config.request_timeout,
        }
    }
}

/// Refuses at once what would have to wait for a place, and gives up what takes too long.
///
/// Health checks always get a place: an instance that is busy is not one that is broken.
pub(super) async fn keep(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let _place = match limits.places.try_acquire() {
        Ok(place) => Some(place),
        Err(_) if request.uri().path() == "/healthz" => None,
        Err(_) => return Problem::new(Kind::Overloaded).into_response(),
    };
    timeout(limits.longest, next.run(request))
        .await
        .unwrap_or_else(|_| Problem::new(Kind::Timeout).into_response())
}
