use std::fmt;

use serde::Deserialize;

use crate::text::one_line;

/// The problem details of an error response ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ProblemDetails {
    #[serde(skip)]
    pub(crate) status: u16,
    pub(crate) code: String,
    title: String,
    detail: String,
    errors: Vec<ProblemViolation>,
    request_id: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct ProblemViolation {
    pointer: String,
    parameter: String,
    header: String,
    detail: String,
}

impl ProblemDetails {
    /// Reads an error response. A body without problem details gives only the status.
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let details = serde_json::from_slice(body).unwrap_or_default();
        Self { status, ..details }
    }

    /// Describes the error: the violations if there are any, otherwise the detail or the title.
    pub(super) fn reason(&self) -> String {
        let violations: Vec<String> = self
            .errors
            .iter()
            .map(ProblemViolation::to_string)
            .collect();
        let texts = [&self.detail, &self.title];
        match texts.into_iter().find(|text| !text.is_empty()) {
            _ if !violations.is_empty() => violations.join("; "),
            Some(text) => one_line(text),
            None => format!("it responded with status {}", self.status),
        }
    }

    /// Whether the resource does not exist. An unknown route has another code.
    pub(super) fn is_not_found(&self) -> bool {
        self.status == 404 && self.code == "not_found"
    }

    /// Whether the post changed in between, so that the decision must be repeated.
    pub(crate) fn is_stale(&self) -> bool {
        self.status == 412 || self.code == "source_taken"
    }
}

impl fmt::Display for ProblemDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused it: {}", self.reason())?;
        if self.status >= 500 && !self.request_id.is_empty() {
            write!(f, " [request {}]", one_line(&self.request_id))?;
        }
        Ok(())
    }
}

impl fmt::Display for ProblemViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = [&self.pointer, &self.parameter, &self.header];
        let location = location.into_iter().find(|text| !text.is_empty());
        let location = location.map_or("", String::as_str);
        write!(
            f,
            "{} {}",
            one_line(location.trim_start_matches('/')),
            one_line(&self.detail)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_are_written_as_one_sentence() {
        let body = br#"{"title": "Some members are refused", "detail": "JsonObject break rules.", "code": "invalid",
            "errors": [{"pointer": "/title", "code": "too_long", "detail": "must have at most 200 characters"},
                       {"pointer": "/tags/0", "code": "format", "detail": "must be\none line"}]}"#;
        let problem = ProblemDetails::read(422, body);
        assert_eq!(
            problem.to_string(),
            "the server refused it: title must have at most 200 characters; tags/0 must be one line"
        );
    }

    #[test]
    fn a_response_without_problem_details_gives_its_status() {
        assert_eq!(
            ProblemDetails::read(502, b"<html>").to_string(),
            "the server refused it: it responded with status 502"
        );
        assert!(!ProblemDetails::read(404, b"<html>").is_not_found());
    }
}
