use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use tintero_domain::{
    posts::{self, Diff, LineChange},
    values::Revision,
};
use utoipa::ToSchema;

use crate::respond::View;

/// The differences between two revisions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostDiff {
    /// The earlier revision.
    from: u64,
    /// The later revision.
    to: u64,
    /// The changed members, without the body.
    fields: BTreeMap<&'static str, FieldDiffView>,
    /// The changes of the body; null if it is unchanged.
    #[schema(required)]
    body: Option<BodyDiffView>,
}

/// A changed member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldDiff)]
pub(crate) struct FieldDiffView {
    /// The earlier value.
    from: Value,
    /// The later value.
    to: Value,
}

/// The changes of the body.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BodyDiff)]
pub(crate) struct BodyDiffView {
    /// The changed lines, with up to three unchanged lines around them.
    hunks: Vec<DiffHunkView>,
    /// The changes in the unified format of `diff -u`.
    unified: String,
}

/// Changed lines with the lines around them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiffHunk)]
pub(crate) struct DiffHunkView {
    /// The number of the first line in the earlier body, from 1. If the hunk only adds lines, the line
    /// before them.
    from_line: usize,
    /// The number of the first line in the later body, likewise.
    to_line: usize,
    /// The lines in order.
    lines: Vec<DiffLineView>,
}

/// A line of a hunk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiffLine)]
pub(crate) struct DiffLineView {
    #[schema(inline)]
    change: LineState,
    /// The line, with its line break if any.
    text: String,
}

/// The state of a line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LineState {
    /// Unchanged.
    Kept,
    /// Only in the earlier body.
    Removed,
    /// Only in the later body.
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
            .map(|posts::FieldDiff { field, from, to }| (field, FieldDiffView { from, to }));
        Self {
            from,
            to,
            fields: fields.collect(),
            body: body.map(Into::into),
        }
    }
}

impl From<posts::BodyDiff> for BodyDiffView {
    fn from(body: posts::BodyDiff) -> Self {
        let posts::BodyDiff { hunks, unified } = body;
        Self {
            hunks: hunks.into_iter().map(Into::into).collect(),
            unified,
        }
    }
}

impl From<posts::DiffHunk> for DiffHunkView {
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

impl From<posts::DiffLine> for DiffLineView {
    fn from(line: posts::DiffLine) -> Self {
        let posts::DiffLine { change, text } = line;
        let change = match change {
            LineChange::Kept => LineState::Kept,
            LineChange::Removed => LineState::Removed,
            LineChange::Added => LineState::Added,
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
