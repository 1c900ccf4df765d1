use std::time::Duration;

use axum::extract::MatchedPath;
use http::{Method, StatusCode};

use crate::{app::ClientAddress, extract::Facts, problem::Problem};

/// What the line about a request says. Never a path with values, a query string, a field or a
/// body: they may hold secrets and names of people.
pub(super) struct Line {
    pub(super) method: Method,
    pub(super) route: Option<MatchedPath>,
    pub(super) client: Option<ClientAddress>,
    pub(super) facts: Facts,
}

impl Line {
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

    /// The one line about a request.
    pub(super) fn write(&self, status: StatusCode, took: Duration) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "http",
            method = %self.method,
            route = self.route(),
            status = status.as_u16(),
            ms = ms,
            client = self.client(),
            request_id = %self.facts.request_id,
            user_id = self.user(),
            "answered"
        );
    }
}

/// Logs what is behind a server error, once and in full; clients only see a constant.
pub(super) fn failure(problem: &Problem, status: StatusCode, line: &Line) {
    let causes = problem.causes();
    if status.is_server_error() && !causes.is_empty() {
        tracing::error!(
            target: "http",
            method = %line.method,
            route = line.route(),
            status = status.as_u16(),
            request_id = %line.facts.request_id,
            causes = causes.join(": "),
            "request failed"
        );
    }
}
