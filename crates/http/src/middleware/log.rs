use std::{borrow::Cow, time::Duration};

use axum::extract::MatchedPath;
use http::{Method, StatusCode, Uri};

use crate::{app::ClientAddress, extract::RequestFacts, problem::Problem, routes};

/// Maximum length of a logged path in bytes.
const MAX_PATH: usize = 512;

/// The log line of a request. It never contains parameters, headers or bodies, because they may
/// contain secrets and personal data.
pub(super) struct RequestLog {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) route: Option<MatchedPath>,
    pub(super) client: Option<ClientAddress>,
    pub(super) facts: RequestFacts,
}

impl RequestLog {
    pub(super) fn route(&self) -> &str {
        self.route.as_ref().map_or("-", MatchedPath::as_str)
    }

    /// Returns the path without the query.
    fn path(&self) -> Cow<'_, str> {
        let path = self.uri.path().as_bytes();
        String::from_utf8_lossy(&path[..path.len().min(MAX_PATH)])
    }

    /// Whether the request is a health check. Platforms send them every few seconds.
    fn is_health_check(&self) -> bool {
        [routes::HEALTH, routes::READINESS].contains(&self.route())
    }

    fn client(&self) -> String {
        self.client
            .map_or_else(|| "-".to_owned(), |client| client.0.to_string())
    }

    fn user(&self) -> String {
        self.facts
            .user
            .get()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    }

    /// Writes the log line.
    pub(super) fn write(&self, status: StatusCode, elapsed: Duration) {
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: "http",
                    method = %self.method,
                    path = %self.path(),
                    route = self.route(),
                    status = status.as_u16(),
                    ms = ms,
                    client = self.client(),
                    request_id = %self.facts.request_id,
                    user_id = self.user(),
                    "request completed"
                )
            };
        }
        if self.is_health_check() && status.is_success() {
            line!(debug);
        } else {
            line!(info);
        }
    }
}

/// Logs the causes of a server error. Responses never contain them.
pub(super) fn failure(problem: &Problem, status: StatusCode, log: &RequestLog) {
    let causes = problem.causes();
    if status.is_server_error() && !causes.is_empty() {
        tracing::error!(
            target: "http",
            method = %log.method,
            path = %log.path(),
            route = log.route(),
            status = status.as_u16(),
            request_id = %log.facts.request_id,
            causes = causes.join(": "),
            "request failed"
        );
    }
}
