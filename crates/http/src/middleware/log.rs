use std::time::Duration;

use axum::extract::MatchedPath;
use http::{Method, StatusCode};

use crate::{app::ClientAddress, extract::RequestFacts, problem::Problem};

/// The log line of a request. It never contains parameters, headers or bodies, because they may
/// contain secrets and personal data.
pub(super) struct RequestLog {
    pub(super) method: Method,
    pub(super) route: Option<MatchedPath>,
    pub(super) client: Option<ClientAddress>,
    pub(super) facts: RequestFacts,
}

impl RequestLog {
    fn route(&self) -> &str {
        self.route.as_ref().map_or("-", MatchedPath::as_str)
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
        tracing::info!(
            target: "http",
            method = %self.method,
            route = self.route(),
            status = status.as_u16(),
            ms = ms,
            client = self.client(),
            request_id = %self.facts.request_id,
            user_id = self.user(),
            "request completed"
        );
    }
}

/// Logs the causes of a server error. Responses never contain them.
pub(super) fn failure(problem: &Problem, status: StatusCode, log: &RequestLog) {
    let causes = problem.causes();
    if status.is_server_error() && !causes.is_empty() {
        tracing::error!(
            target: "http",
            method = %log.method,
            route = log.route(),
            status = status.as_u16(),
            request_id = %log.facts.request_id,
            causes = causes.join(": "),
            "request failed"
        );
    }
}
