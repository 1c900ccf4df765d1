use std::time::Duration;

use axum::{
    body::{Body, HttpBody as _},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use tintero_domain::values::Timestamp;
use tokio::time::Instant;

use crate::{
    coding::{self, Coding},
    respond::{CachePolicy, Shareable},
};

/// Time for which an answer is used: the delay until a server shows the change of another server.
pub(super) const MAX_AGE: Duration = Duration::from_secs(5);

/// Bytes of an answer beside its headers and body, a rough estimate.
const OVERHEAD: usize = 512;

/// An answer that is ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct StoredAnswer {
    status: StatusCode,
    /// The headers except `Cache-Control`, which depends on the time.
    headers: HeaderMap,
    body: Bytes,
    policy: CachePolicy,
    loaded: LoadTime,
    /// The time at which a schedule changes the answer, if any.
    until: Option<Timestamp>,
}

/// The time before an answer was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoadTime {
    /// On the clock of the site, which decides when schedules take effect.
    pub(super) clock: Timestamp,
    /// On a clock that never steps, which decides the age.
    pub(super) monotonic: Instant,
}

impl StoredAnswer {
    /// Reads an answer. Returns the response if it must not be stored, or has more than `max` bytes.
    pub(super) async fn of(
        response: Response,
        loaded: LoadTime,
        max: usize,
    ) -> Result<Self, Response> {
        let size = response.body().size_hint().exact();
        let is_small = size.is_some_and(|size| size <= u64::try_from(max).unwrap_or(u64::MAX));
        let is_storable = matches!(
            response.status(),
            StatusCode::OK | StatusCode::PERMANENT_REDIRECT
        );
        let shareable = response.extensions().get::<Shareable>().copied();
        let (Some(Shareable { policy, fresh_for }), true, true) =
            (shareable, is_small, is_storable)
        else {
            return Err(response);
        };
        let (parts, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return Err(broken());
        };
        let mut headers = parts.headers;
        headers.remove(header::CACHE_CONTROL);
        let body = body.to_bytes();
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        Ok(Self {
            status: parts.status,
            headers,
            body,
            policy,
            loaded,
            until: fresh_for.map(|time| loaded.clock.after(time)),
        })
    }

    /// Returns the same answer with its body in `coding`.
    pub(super) fn coded(&self, coding: Coding, body: Bytes) -> Self {
        let mut coded = self.clone();
        coding::mark(&mut coded.headers, coding, body.len());
        coding::vary(&mut coded.headers);
        coded.body = body;
        coded
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether the answer is still correct: no schedule has changed it, and it is not too old to miss
    /// the changes of other servers.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let is_unchanged = self.until.is_none_or(|until| now < until);
        is_unchanged && self.loaded.monotonic.elapsed() < MAX_AGE
    }

    /// Returns the response to a request with this method.
    pub(super) fn response(&self, method: &Method, now: Timestamp) -> Response {
        let body = if method == Method::HEAD {
            Body::empty()
        } else {
            self.body.clone().into()
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        let fresh_for = self.until.map(|until| until.since(now));
        let field = self.policy.field(fresh_for);
        response.headers_mut().insert(header::CACHE_CONTROL, field);
        response
    }

    /// Returns the bytes that the answer uses.
    pub(super) fn len(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len() + 64)
            .sum();
        OVERHEAD + headers + self.body.len()
    }
}

/// Returns the response if reading a body in memory fails, which does not happen.
fn broken() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
