//! Differences between two revisions.

mod unified;

use std::ops::Range;

use serde_json::Value;
use similar::{ChangeTag, DiffOp, group_diff_ops};

use crate::{
    posts::{Content, Manuscript, RevisionCopy, WorkingCopy, members},
    text_work::{Budget, Stopped, TextLimit, diff_lines, within},
    values::Revision,
};

/// Unchanged lines around each change, as in `diff -u`.
const CONTEXT: usize = 3;

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

/// A state that can be compared.
pub(in crate::posts) trait DiffState: Send + 'static {
    fn side(&self) -> DiffSide<'_>;

    fn body(&self) -> &str {
        &self.side().manuscript.body
    }
}

/// One side of a comparison.
pub(in crate::posts) struct DiffSide<'a> {
    revision: Revision,
    content: &'a Content,
    manuscript: &'a Manuscript,
}

impl DiffState for RevisionCopy {
    fn side(&self) -> DiffSide<'_> {
        DiffSide {
            revision: self.row.revision,
            content: &self.content,
            manuscript: &self.manuscript,
        }
    }
}

impl DiffState for WorkingCopy {
    fn side(&self) -> DiffSide<'_> {
        DiffSide {
            revision: self.post.state.revision,
            content: &self.post.content,
            manuscript: &self.manuscript,
        }
    }
}

impl Diff {
    /// Compares two states.
    ///
    /// # Errors
    /// [`Stopped`] if the bodies differ too much for the budget.
    pub(in crate::posts) fn between(
        from: &impl DiffState,
        to: &impl DiffState,
        budget: &Budget,
    ) -> Result<Self, Stopped> {
        let (from, to) = (from.side(), to.side());
        Ok(Self {
            from: from.revision,
            to: to.revision,
            fields: fields(&from, &to),
            body: body(&from, &to, budget)?,
        })
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

fn body(
    from: &DiffSide<'_>,
    to: &DiffSide<'_>,
    budget: &Budget,
) -> Result<Option<BodyDiff>, Stopped> {
    let [old, new] = [from, to].map(|side| side.manuscript.body.as_str());
    if old == new {
        return Ok(None);
    }
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let groups = group_diff_ops(diff_lines(&old, &new, budget)?, CONTEXT);
    let names = [from, to].map(|side| format!("revision {}", side.revision));
    let mut unified = unified::header(&names);
    let (mut hunks, mut bytes) = (Vec::with_capacity(groups.len()), 0);
    for ops in groups.iter().filter(|ops| !ops.is_empty()) {
        let lines: Vec<_> = changes(ops, &old, &new).collect();
        bytes += lines.iter().map(|(_, text)| text.len()).sum::<usize>();
        within(TextLimit::DiffBytes, bytes as u64)?;
        unified::push_hunk(&mut unified, ops, &lines);
        hunks.push(DiffHunk {
            from_line: first(ops, DiffOp::old_range),
            to_line: first(ops, DiffOp::new_range),
            lines: lines.into_iter().map(DiffLine::from).collect(),
        });
    }
    budget.spend(bytes)?;
    Ok(Some(BodyDiff { hunks, unified }))
}

/// The lines of a hunk with their changes.
fn changes<'a>(
    ops: &'a [DiffOp],
    old: &'a [&'a str],
    new: &'a [&'a str],
) -> impl Iterator<Item = (ChangeTag, &'a str)> {
    ops.iter()
        .flat_map(move |op| op.iter_changes(old, new))
        .map(|change| (change.tag(), change.value()))
}

/// The number of the first line on one side, counted as `diff` does; see [`DiffHunk::from_line`].
fn first(ops: &[DiffOp], side: fn(&DiffOp) -> Range<usize>) -> usize {
    let start = ops.first().map_or(0, |op| side(op).start);
    start + usize::from(ops.iter().any(|op| !side(op).is_empty()))
}

impl From<(ChangeTag, &str)> for DiffLine {
    fn from((tag, text): (ChangeTag, &str)) -> Self {
        Self {
            change: tag.into(),
            text: text.to_owned(),
        }
    }
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
