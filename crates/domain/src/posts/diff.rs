//! How two revisions of a post differ.

use std::{ops::Range, time::Duration};

use serde_json::Value;
use similar::{ChangeTag, DiffOp, TextDiff};

use super::{Content, Manuscript, RevisionCopy, WorkingCopy, members::members};
use crate::values::Revision;

/// Unchanged lines that are shown around changed ones; three, as `diff -u` does.
const CONTEXT: usize = 3;

/// How long a difference is looked for: what is not found by then is shown as one large change. Texts
/// of some thousand lines take a tenth of it, and those of a million would take minutes.
const LONGEST: Duration = Duration::from_millis(500);

/// What is different from one revision to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// The revision from which one looks.
    pub from: Revision,
    /// The revision at which one looks.
    pub to: Revision,
    /// The members that are not the same, without the body.
    pub fields: Vec<FieldDiff>,
    /// The body, when it is not the same.
    pub body: Option<BodyDiff>,
}

/// One member in both revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDiff {
    /// The member's name.
    pub field: &'static str,
    /// What it was.
    pub from: Value,
    /// What it became.
    pub to: Value,
}

/// The lines in which two bodies differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyDiff {
    /// Stretches of changed lines with those around them.
    pub hunks: Vec<DiffHunk>,
    /// The same as `diff -u` prints it, for `patch` and for eyes that are used to it.
    pub unified: String,
}

/// A stretch of changed lines with those around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffHunk {
    /// The first line in the earlier body, from 1; with no line there, the one before.
    pub from_line: usize,
    /// The first line in the later body, likewise.
    pub to_line: usize,
    /// The lines in order, each with its line break.
    pub lines: Vec<DiffLine>,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// On which side it stands.
    pub change: LineChange,
    /// The line with its line break, if it has one.
    pub text: String,
}

/// On which side of a difference a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// On both.
    Kept,
    /// On the earlier.
    Removed,
    /// On the later.
    Added,
}

/// One state of a post, under the number of its revision.
pub(super) struct Side<'a> {
    revision: Revision,
    content: &'a Content,
    manuscript: &'a Manuscript,
}

impl<'a> From<&'a RevisionCopy> for Side<'a> {
    fn from(copy: &'a RevisionCopy) -> Self {
        Self {
            revision: copy.row.revision,
            content: &copy.content,
            manuscript: &copy.manuscript,
        }
    }
}

impl<'a> From<&'a WorkingCopy> for Side<'a> {
    fn from(copy: &'a WorkingCopy) -> Self {
        Self {
            revision: copy.post.state.revision,
            content: &copy.post.content,
            manuscript: &copy.manuscript,
        }
    }
}

impl Diff {
    /// What is different from one state to another.
    pub(super) fn between<'a>(from: impl Into<Side<'a>>, to: impl Into<Side<'a>>) -> Self {
        let (from, to) = (from.into(), to.into());
        Self {
            from: from.revision,
            to: to.revision,
            fields: fields(&from, &to),
            body: body(&from, &to),
        }
    }
}

fn fields(from: &Side<'_>, to: &Side<'_>) -> Vec<FieldDiff> {
    members(from.content, from.manuscript)
        .into_iter()
        .zip(members(to.content, to.manuscript))
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| FieldDiff { field, from, to })
        .collect()
}

fn body(from: &Side<'_>, to: &Side<'_>) -> Option<BodyDiff> {
    let [old, new] = [from, to].map(|side| side.manuscript.body.as_str());
    if old == new {
        return None;
    }
    // `diff` knows one line break only.
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let diff = TextDiff::configure()
        .timeout(LONGEST)
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

/// The number of the first line of a stretch on one side, from 1, as `diff` counts: a stretch
/// without lines there is said to be at the line before it.
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
