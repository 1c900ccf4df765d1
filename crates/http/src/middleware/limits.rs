use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody as _},
    extract::{MatchedPath, Request},
    response::{IntoResponse as _, Response},
};
use http::Method;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time,
};

use super::arrival::BodyMemory;
use crate::{
    app::HttpConfig,
    extract::payload,
    problem::{Problem, ProblemType},
    routes,
};

/// Rate in bytes per second for which the time limit of an upload allows.
const UPLOAD_RATE: u64 = 16 * 1024;

/// Limits of concurrency, memory and time.
pub(super) struct RequestLimits {
    reads: Semaphore,
    writes: Semaphore,
    uploads: Semaphore,
    memory: BodyMemory,
    config: Arc<HttpConfig>,
}

/// The kinds of requests that are limited apart, so that none of them keeps the others out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestKind {
    /// Never limited, because a busy instance is healthy.
    Health,
    Read,
    Write,
    /// A write whose body is processed while it arrives.
    Upload,
}

impl RequestKind {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        let route = route.map_or("", MatchedPath::as_str);
        match *request.method() {
            _ if route == routes::HEALTH => Self::Health,
            Method::POST if route == routes::IMAGES => Self::Upload,
            Method::PUT if route == routes::RECEIVED_FILE => Self::Upload,
            Method::GET | Method::HEAD | Method::OPTIONS if request.body().is_end_stream() => {
                Self::Read
            }
            _ => Self::Write,
        }
    }
}

impl RequestLimits {
    pub(super) fn new(config: Arc<HttpConfig>) -> Self {
        Self {
            reads: Semaphore::new(config.max_concurrency),
            writes: Semaphore::new(config.max_concurrency),
            uploads: Semaphore::new(config.max_uploads),
            memory: BodyMemory::new(config.body_memory),
            config,
        }
    }

    fn enter(&self, kind: RequestKind) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        let places = match kind {
            RequestKind::Health => return Ok(None),
            RequestKind::Read => &self.reads,
            RequestKind::Write => &self.writes,
            RequestKind::Upload => &self.uploads,
        };
        let place = places.try_acquire();
        place
            .map(Some)
            .map_err(|_| Problem::new(ProblemType::Overloaded))
    }

    /// Returns the maximum size of the body of a request that is not an upload.
    fn max_body(&self, request: &Request) -> usize {
        let route = request.extensions().get::<MatchedPath>();
        if route.is_some_and(|route| route.as_str() == routes::BATCH) {
            self.config.max_batch
        } else {
            self.config.max_body
        }
    }

    fn timeout(&self, kind: RequestKind, request: &Request) -> Duration {
        let timeout = self.config.request_timeout;
        if kind != RequestKind::Upload {
            return timeout;
        }
        let length = payload::content_length(request.headers()).unwrap_or(self.config.max_upload);
        let length = length.min(self.config.max_upload) as u64;
        timeout + Duration::from_secs(length / UPLOAD_RATE)
    }

    /// Reads the body, rejects requests above the concurrency limit, and cancels those above the time limit.
    ///
    /// A request takes its place when its body is complete: clients that send slowly take none. The time
    /// limit starts then, too. Uploads take a place of their own kind when their head is complete.
    pub(super) async fn enforce<F: Future<Output = Response>>(
        &self,
        request: Request,
        call: impl FnOnce(Request) -> F,
    ) -> Response {
        match self.within(request, call).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        }
    }

    async fn within<F: Future<Output = Response>>(
        &self,
        request: Request,
        call: impl FnOnce(Request) -> F,
    ) -> Result<Response, Problem> {
        let kind = RequestKind::of(&request);
        let timeout = self.timeout(kind, &request);
        let (request, _memory) = match kind {
            RequestKind::Write => {
                let max = self.max_body(&request);
                let (parts, body) = request.into_parts();
                let whole = self.memory.read(&parts.headers, body, max).await?;
                payload::require_no_coding(&parts.headers)?;
                let request = Request::from_parts(parts, Body::from(whole.bytes.clone()));
                (request, Some(whole))
            }
            RequestKind::Health | RequestKind::Read | RequestKind::Upload => (request, None),
        };
        let _place = self.enter(kind)?;
        let response = time::timeout(timeout, call(request)).await;
        response.map_err(|_| Problem::new(ProblemType::Timeout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_with_limits_of_their_own_exist() {
        let document = crate::openapi();
        for route in [
            routes::HEALTH,
            routes::READINESS,
            routes::IMAGES,
            routes::RECEIVED_FILE,
            routes::BATCH,
        ] {
            assert!(document.paths.paths.contains_key(route), "{route}");
        }
    }
}
