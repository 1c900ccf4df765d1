//! The conflict of a stale write: its base, the current state and the requested state.

use serde_json::Value;

use super::merge::merge_lines;
use crate::{
    posts::{RevisionCopy, WorkingCopy, members, value},
    text_work::Budget,
    values::{PostId, Revision, VersionTag},
};

/// A conflict between a write and the current state.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The post.
    pub id: PostId,
    /// The current state.
    pub current: VersionTag,
    /// The revision that the write is based on.
    pub base_revision: Revision,
    /// Fields that both sides changed, or that only this write changes.
    pub fields: Vec<FieldConflict>,
    /// The overlapping changes of the body, if both sides changed it.
    pub body: Option<Vec<Hunk>>,
    /// Whether the changes do not overlap, so that merging would succeed.
    pub is_mergeable: bool,
}

/// One field in three states.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConflict {
    /// The field's name.
    pub field: String,
    /// The value that the write is based on; absent if that revision has been pruned.
    pub base: Option<Value>,
    /// The current value.
    pub current: Value,
    /// The value of this write.
    pub yours: Value,
}

/// A range of lines that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Number of the first line in the base, from 1.
    pub line: usize,
    /// The lines in the base.
    pub base: String,
    /// The current lines.
    pub current: String,
    /// The lines of this write.
    pub yours: String,
}

impl Conflict {
    /// Compares the base, the current state and the requested state of a write.
    pub(in crate::posts) fn between(
        base_revision: Revision,
        base: Option<&RevisionCopy>,
        current: &WorkingCopy,
        yours: &WorkingCopy,
        budget: &Budget,
    ) -> Self {
        let [theirs, ours] = [current, yours].map(|copy| &copy.manuscript.body);
        let body =
            base.and_then(|base| merge_lines(&base.manuscript.body, theirs, ours, budget).err());
        Self {
            id: current.post.state.id,
            current: current.post.tag(),
            base_revision,
            fields: fields(base, current, yours),
            body,
            is_mergeable: false,
        }
    }
}

fn fields(
    base: Option<&RevisionCopy>,
    current: &WorkingCopy,
    yours: &WorkingCopy,
) -> Vec<FieldConflict> {
    let [theirs, ours] = [current, yours].map(|copy| members(&copy.post.content, &copy.manuscript));
    let mut bases = base
        .map(|base| members(&base.content, &base.manuscript))
        .into_iter()
        .flatten();
    let [date, our_date] = [current, yours].map(|copy| value(&copy.post.state.published_at));
    // Revisions do not include the date.
    let date = (date != our_date).then(|| FieldConflict {
        field: "published_at".to_owned(),
        base: None,
        current: date,
        yours: our_date,
    });
    theirs
        .into_iter()
        .zip(ours)
        .filter_map(|((field, current), (_, yours))| {
            let base = bases.next().map(|(_, base)| base);
            let is_changed = base.as_ref().is_none_or(|base| *base != yours);
            (is_changed && current != yours).then(|| FieldConflict {
                field: field.to_owned(),
                base,
                current,
                yours,
            })
        })
        .chain(date)
        .collect()
}
