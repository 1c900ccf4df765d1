//! Differences between two revisions.

use std::{ops::Range, time::Duration};

use serde_json::Value;
use similar::{ChangeTag, DiffOp, TextDiff};

use crate::{
    posts::{Content, Manuscript, RevisionCopy, WorkingCopy, members},
    values::Revision,
};

/// Unchanged lines around each change, as in `diff -u`.
const CONTEXT: usize = 3;

/// Time limit for a diff; the rest is returned as one large change. Texts of some thousand lines
/// take a tenth of it, texts of a million lines would take minutes.
const TIMEOUT: Duration = Duration::from_millis(500);

/// The differences between two revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// The earlier side.
    pub from: Revision,
    /// The later side.
    pub to: Revision,
    /// The fields that differ, except the body.
    pub fields: Vec<FieldDiff>,
    /// The body, if it differs.
    pub body: Option<BodyDiff>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDiff {
    /// The field's name.
    pub field: &'static str,
    /// The earlier value.
    pub from: Value,
    /// The later value.
    pub to: Value,
}

/// The differences between two bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyDiff {
    /// Changed lines with their context.
    pub hunks: Vec<DiffHunk>,
    /// The same in the format of `diff -u`.
    pub unified: String,
}

/// Changed lines with their context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffHunk {
    /// Number of the first line in the earlier body, from 1. If the hunk has no lines there, the
    /// number of the line before it.
    pub from_line: usize,
    /// Number of the first line in the later body, likewise.
    pub to_line: usize,
    /// The lines in order, with their line breaks.
    pub lines: Vec<DiffLine>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// The sides that have the line.
    pub change: LineChange,
    /// The line with its line break, if any.
    pub text: String,
}

/// The sides that have a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// Both sides.
    Kept,
    /// Only the earlier side.
    Removed,
    /// Only the later side.
    Added,
}

/// One side of a comparison.
pub(in crate::posts) struct DiffSide<'a> {
    revision: Revision,
    content: &'a Content,
    manuscript: &'a Manuscript,
}

impl<'a> From<&'a RevisionCopy> for DiffSide<'a> {
    fn from(copy: &'a RevisionCopy) -> Self {
        Self {
            revision: copy.row.revision,
            content: &copy.content,
            manuscript: &copy.manuscript,
        }
    }
}

impl<'a> From<&'a WorkingCopy> for DiffSide<'a> {
    fn from(copy: &'a WorkingCopy) -> Self {
        Self {
            revision: copy.post.state.revision,
            content: &copy.post.content,
            manuscript: &copy.manuscript,
        }
    }
}

impl Diff {
    /// Compares two states.
    pub(in crate::posts) fn between<'a>(
        from: impl Into<DiffSide<'a>>,
        to: impl Into<DiffSide<'a>>,
    ) -> Self {
        let (from, to) = (from.into(), to.into());
        Self {
            from: from.revision,
            to: to.revision,
            fields: fields(&from, &to),
            body: body(&from, &to),
        }
    }
}

fn fields(from: &DiffSide<'_>, to: &DiffSide<'_>) -> Vec<FieldDiff> {
    members(from.content, from.manuscript)
        .into_iter()
        .zip(members(to.content, to.manuscript))
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| FieldDiff { field, from, to })
        .collect()
}

fn body(from: &DiffSide<'_>, to: &DiffSide<'_>) -> Option<BodyDiff> {
    let [old, new] = [from, to].map(|side| side.manuscript.body.as_str());
    if old == new {
        return None;
    }
    // `diff` supports only one kind of line break.
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let diff = TextDiff::configure()
        .timeout(TIMEOUT)
        .newline_terminated(true)
        .diff_slices(&old, &new);
    let mut unified = diff.unified_diff();
    let names = [from, to].map(|side| format!("revision {}", side.revision));
    unified.context_radius(CONTEXT).header(&names[0], &names[1]);
    let hunks = unified.iter_hunks().map(|hunk| {
        let ops = hunk.ops();
        let lines = hunk.iter_changes().map(|change| DiffLine {
            change: change.tag().into(),
            text: change.value().to_owned(),
        });
        DiffHunk {
            from_line: first(ops, DiffOp::old_range),
            to_line: first(ops, DiffOp::new_range),
            lines: lines.collect(),
        }
    });
    Some(BodyDiff {
        hunks: hunks.collect(),
        unified: unified.to_string(),
    })
}

/// The number of the first line on one side, counted as `diff` does; see [`DiffHunk::from_line`].
fn first(ops: &[DiffOp], side: fn(&DiffOp) -> Range<usize>) -> usize {
    let start = ops.first().map_or(0, |op| side(op).start);
    start + usize::from(ops.iter().any(|op| !side(op).is_empty()))
}

impl From<ChangeTag> for LineChange {
    fn from(tag: ChangeTag) -> Self {
        match tag {
            ChangeTag::Equal => Self::Kept,
            ChangeTag::Delete => Self::Removed,
            ChangeTag::Insert => Self::Added,
        }
    }
}
