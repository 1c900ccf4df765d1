use std::fmt;

use serde::Serialize;
use tintero_markdown::front_matter;

/// Something to tell about one file: where it stands, and in words what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The line of the file, counted from one, when it has a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    /// A name for machines, which stays the same when the wording changes.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) reason: String,
}

impl Finding {
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            line: None,
            code,
            reason: reason.into(),
        }
    }

    pub(crate) fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }
}

/// A finding about a file that is no post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Located {
    /// The file.
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) finding: Finding,
}

impl Located {
    pub(crate) fn new(path: impl Into<String>, finding: Finding) -> Self {
        Self {
            path: path.into(),
            finding,
        }
    }
}

impl From<front_matter::Error> for Finding {
    fn from(error: front_matter::Error) -> Self {
        let code = match error {
            front_matter::Error::NotUtf8 { .. } => "not_utf8",
            _ => "front_matter",
        };
        let place = error.position();
        let reason = error.to_string();
        // The place is told once, as the line of the finding.
        let bare = place.and_then(|at| reason.strip_prefix(&format!("{at}: ")));
        let reason = match (bare, place) {
            (Some(bare), Some(at)) => format!("column {}: {bare}", at.column),
            _ => reason,
        };
        Self {
            line: place.map(|at| at.line),
            code,
            reason,
        }
    }
}

impl From<front_matter::Warning> for Finding {
    fn from(warning: front_matter::Warning) -> Self {
        Self::new(warning.code(), warning.to_string()).at(warning.line())
    }
}

/// Why the whole run cannot begin, or cannot go on: one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refusal(String);

impl Refusal {
    pub(crate) fn new(sentence: impl fmt::Display) -> Self {
        Self(sentence.to_string())
    }
}
