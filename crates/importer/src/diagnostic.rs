use serde::Serialize;
use tintero_markdown::front_matter::{FrontMatterError, FrontMatterWarning};

use crate::text::escape_control;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Diagnostic {
    /// The line of the file, counted from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    /// A stable name for programs.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) reason: String,
}

impl Diagnostic {
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            line: None,
            code,
            reason: reason.into(),
        }
    }

    pub(crate) fn at(self, line: impl Into<Option<usize>>) -> Self {
        Self {
            line: line.into(),
            ..self
        }
    }

    /// Reports values that were left out, or returns `None` if there are none.
    pub(crate) fn left_out<'a>(
        code: &'static str,
        kind: &str,
        why: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let values: Vec<String> = values
            .into_iter()
            .map(|value| format!("`{}`", escape_control(value)))
            .collect();
        (!values.is_empty()).then(|| {
            let values = values.join(", ");
            Self::new(
                code,
                format!("{kind} were left out because {why}: {values}"),
            )
        })
    }
}

/// A diagnostic about a file that is not a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FileDiagnostic {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) diagnostic: Diagnostic,
}

impl FileDiagnostic {
    pub(crate) fn new(path: impl Into<String>, diagnostic: Diagnostic) -> Self {
        Self {
            path: path.into(),
            diagnostic,
        }
    }
}

impl From<FrontMatterError> for Diagnostic {
    fn from(error: FrontMatterError) -> Self {
        let code = match error {
            FrontMatterError::NotUtf8 { .. } => "not_utf8",
            _ => "front_matter",
        };
        let reason = error.to_string();
        let Some(at) = error.position() else {
            return Self::new(code, reason);
        };
        // The line is a field of its own, so the sentence gives only the column.
        let reason = match reason.strip_prefix(&format!("{at}: ")) {
            Some(bare) => format!("column {}: {bare}", at.column),
            None => reason,
        };
        Self::new(code, reason).at(at.line)
    }
}

impl From<FrontMatterWarning> for Diagnostic {
    fn from(warning: FrontMatterWarning) -> Self {
        Self::new(warning.code(), warning.to_string()).at(warning.line)
    }
}
