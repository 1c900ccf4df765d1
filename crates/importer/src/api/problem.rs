use std::fmt;

use serde::Deserialize;

use crate::text::one_line;

/// Why the server refused a call: problem details of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    /// The status of the answer itself.
    #[serde(skip)]
    pub(crate) status: u16,
    pub(crate) code: String,
    title: String,
    detail: String,
    errors: Vec<Violation>,
    request_id: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Violation {
    pointer: String,
    parameter: String,
    header: String,
    detail: String,
}

impl Problem {
    /// Reads an answer. One that holds no problem is a problem all the same.
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let told = serde_json::from_slice(body).unwrap_or_default();
        Self { status, ..told }
    }

    /// What is wrong: the violations say all when there are any; else the detail does.
    pub(super) fn reason(&self) -> String {
        let violations: Vec<String> = self.errors.iter().map(Violation::to_string).collect();
        let told = [&self.detail, &self.title];
        match told.into_iter().find(|text| !text.is_empty()) {
            _ if !violations.is_empty() => violations.join("; "),
            Some(told) => one_line(told),
            None => format!("it answered with status {}", self.status),
        }
    }

    /// Whether the server has no such thing. An unknown address is another matter.
    pub(super) fn is_unknown(&self) -> bool {
        self.status == 404 && self.code == "not_found"
    }

    /// Whether somebody else was faster, so that the decision must be made again.
    pub(crate) fn is_stale(&self) -> bool {
        self.status == 412 || self.code == "source_taken"
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused it: {}", self.reason())?;
        if self.status >= 500 && !self.request_id.is_empty() {
            write!(f, " [request {}]", one_line(&self.request_id))?;
        }
        Ok(())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = [&self.pointer, &self.parameter, &self.header];
        let place = place
            .into_iter()
            .find(|place| !place.is_empty())
            .map_or("", String::as_str);
        write!(
            f,
            "{} {}",
            one_line(place.trim_start_matches('/')),
            one_line(&self.detail)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_as_a_sentence() {
        let body = br#"{"title": "Some members are refused", "detail": "Members break rules.", "code": "invalid",
            "errors": [{"pointer": "/title", "code": "too_long", "detail": "must have at most 200 characters"},
                       {"pointer": "/tags/0", "code": "format", "detail": "must be\none line"}]}"#;
        let problem = Problem::read(422, body);
        assert_eq!(
            problem.to_string(),
            "the server refused it: title must have at most 200 characters; tags/0 must be one line"
        );
    }

    #[test]
    fn an_answer_without_a_problem_names_its_status() {
        assert_eq!(
            Problem::read(502, b"<html>").to_string(),
            "the server refused it: it answered with status 502"
        );
        assert!(!Problem::read(404, b"<html>").is_unknown());
    }
}
