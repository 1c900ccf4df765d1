//! What a refused write is told: what it was based on, what is there now, and what it wanted.

use serde_json::Value;

use super::{
    RevisionCopy, WorkingCopy,
    members::{members, value},
    merge::merge_lines,
};
use crate::values::{PostId, Revision, VersionTag};

/// A write that came too late.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The post.
    pub id: PostId,
    /// The state that is there now.
    pub current: VersionTag,
    /// The revision on which the write was based.
    pub base_revision: Revision,
    /// Members that both sides changed, or that only this write wanted to change.
    pub fields: Vec<FieldConflict>,
    /// Where both sides changed the body, when both did.
    pub body: Option<Vec<Hunk>>,
    /// True when the two sides do not meet, so that the write would be accepted as a merge.
    pub is_mergeable: bool,
}

/// One member in three states.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConflict {
    /// The member's name.
    pub field: String,
    /// What this write started from; absent when that revision is no longer kept.
    pub base: Option<Value>,
    /// What is there now.
    pub current: Value,
    /// What this write wanted.
    pub yours: Value,
}

/// A stretch of lines that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first of the lines in the base, from 1.
    pub line: usize,
    /// The lines in the base.
    pub base: String,
    /// The lines now.
    pub current: String,
    /// The lines that this write wanted.
    pub yours: String,
}

impl Conflict {
    /// Compares what a write started from, what is there now, and what the write wanted.
    pub(super) fn between(
        base_revision: Revision,
        base: Option<&RevisionCopy>,
        current: &WorkingCopy,
        yours: &WorkingCopy,
    ) -> Self {
        let [there, wanted] = [current, yours].map(|copy| &copy.manuscript.body);
        let body = base.and_then(|base| merge_lines(&base.manuscript.body, there, wanted).err());
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
    let [there, wanted] =
        [current, yours].map(|copy| members(&copy.post.content, &copy.manuscript));
    let mut bases = base
        .map(|base| members(&base.content, &base.manuscript))
        .into_iter()
        .flatten();
    let [date, wanted_date] = [current, yours].map(|copy| value(&copy.post.state.published_at));
    // A revision does not keep the date.
    let date = (date != wanted_date).then(|| FieldConflict {
        field: "published_at".to_owned(),
        base: None,
        current: date,
        yours: wanted_date,
    });
    there
        .into_iter()
        .zip(wanted)
        .filter_map(|((field, current), (_, yours))| {
            let base = bases.next().map(|(_, base)| base);
            let is_wanted = base.as_ref().is_none_or(|base| *base != yours);
            (is_wanted && current != yours).then(|| FieldConflict {
                field: field.to_owned(),
                base,
                current,
                yours,
            })
        })
        .chain(date)
        .collect()
}
