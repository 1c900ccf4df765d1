use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use tintero_domain::{
    posts::{self, Diff, LineChange},
    values::Revision,
};
use utoipa::ToSchema;

use crate::respond::View;

/// What is different from one revision to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostDiff {
    /// The revision from which one looks.
    from: u64,
    /// The revision at which one looks.
    to: u64,
    /// The members that are not the same, without the body.
    fields: BTreeMap<&'static str, FieldDiff>,
    /// Where the body is not the same; null when it is.
    #[schema(required)]
    body: Option<BodyDiff>,
}

/// One member in both revisions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldDiff {
    /// What it was.
    from: Value,
    /// What it became.
    to: Value,
}

/// The lines in which two bodies differ.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BodyDiff {
    /// Stretches of changed lines, with up to three unchanged ones around them.
    hunks: Vec<DiffHunk>,
    /// The same as `diff -u` prints it.
    unified: String,
}

/// A stretch of changed lines with those around them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffHunk {
    /// The first of its lines in the earlier body, from 1; where it has none there, the line before.
    from_line: usize,
    /// The same in the later body.
    to_line: usize,
    /// Its lines in order.
    lines: Vec<DiffLine>,
}

/// One line of a difference.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffLine {
    #[schema(inline)]
    change: Change,
    /// The line with its line break, if it has one.
    text: String,
}

/// On which side a line stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// On both.
    Kept,
    /// On the earlier.
    Removed,
    /// On the later.
    Added,
}

impl From<Diff> for PostDiff {
    fn from(diff: Diff) -> Self {
        let Diff {
            from: Revision(from),
            to: Revision(to),
            fields,
            body,
        } = diff;
        let fields = fields
            .into_iter()
            .map(|posts::FieldDiff { field, from, to }| (field, FieldDiff { from, to }));
        Self {
            from,
            to,
            fields: fields.collect(),
            body: body.map(Into::into),
        }
    }
}

impl From<posts::BodyDiff> for BodyDiff {
    fn from(body: posts::BodyDiff) -> Self {
        let posts::BodyDiff { hunks, unified } = body;
        Self {
            hunks: hunks.into_iter().map(Into::into).collect(),
            unified,
        }
    }
}

impl From<posts::DiffHunk> for DiffHunk {
    fn from(hunk: posts::DiffHunk) -> Self {
        let posts::DiffHunk {
            from_line,
            to_line,
            lines,
        } = hunk;
        Self {
            from_line,
            to_line,
            lines: lines.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<posts::DiffLine> for DiffLine {
    fn from(line: posts::DiffLine) -> Self {
        let posts::DiffLine { change, text } = line;
        let change = match change {
            LineChange::Kept => Change::Kept,
            LineChange::Removed => Change::Removed,
            LineChange::Added => Change::Added,
        };
        Self { change, text }
    }
}

impl View for PostDiff {
    fn example() -> Self {
        let line = |change, text: &str| posts::DiffLine {
            change,
            text: text.to_owned(),
        };
        let body = posts::BodyDiff {
            hunks: vec![posts::DiffHunk {
                from_line: 1,
                to_line: 1,
                lines: vec![
                    line(LineChange::Removed, "# Hla\n"),
                    line(LineChange::Added, "# Hola\n"),
                ],
            }],
            unified: "--- revision 1\n+++ revision 2\n@@ -1 +1 @@\n-# Hla\n+# Hola\n".to_owned(),
        };
        let title = posts::FieldDiff {
            field: "title",
            from: json!("Programacion"),
            to: json!("Programación en España"),
        };
        let diff = Diff {
            from: Revision(1),
            to: Revision(2),
            fields: vec![title],
            body: Some(body),
        };
        diff.into()
    }
}
