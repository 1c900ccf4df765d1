//! What a refused write is told: what it was based on, what is there now, and what it wanted.

use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Content, Manuscript, RevisionCopy, WorkingCopy};
use crate::values::{Revision, VersionTag};

/// A write that came too late.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The state that is there now.
    pub current: VersionTag,
    /// The revision on which the write was based.
    pub base_revision: Revision,
    /// Members that both sides changed, or that only this write wanted to change.
    pub fields: Vec<FieldConflict>,
    /// Where both sides changed the body, when both did.
    pub body: Option<Vec<Hunk>>,
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
        let base_members = base.map(|base| members(&base.content, &base.manuscript));
        let current_members = members(&current.post.content, &current.manuscript);
        let yours_members = members(&yours.post.content, &yours.manuscript);
        let fields = current_members
            .into_iter()
            .zip(yours_members)
            .enumerate()
            .filter_map(|(index, ((field, current), (_, yours)))| {
                let base = base_members
                    .as_ref()
                    .map(|members| members[index].1.clone());
                let wanted = base.as_ref().is_none_or(|base| *base != yours);
                (wanted && current != yours).then(|| FieldConflict {
                    field: field.to_owned(),
                    base,
                    current,
                    yours,
                })
            })
            .collect();
        let body = base.map(|base| {
            hunks(
                &base.manuscript.body,
                &current.manuscript.body,
                &yours.manuscript.body,
            )
        });
        Self {
            current: current.post.tag(),
            base_revision,
            fields,
            body: body.filter(|hunks| !hunks.is_empty()),
        }
    }
}

/// The members that a conflict compares, by their names in the API. The body has hunks instead.
fn members(content: &Content, manuscript: &Manuscript) -> Vec<(&'static str, Value)> {
    let Content {
        address,
        title,
        excerpt,
        tags,
        category_ids,
        byline_ids,
        featured_image_id,
        aliases,
        source,
    } = content;
    let Manuscript {
        body: _,
        front_matter: _,
        site: _,
        seo,
        extra,
    } = manuscript;
    vec![
        ("title", json(title)),
        ("slug", json(&address.slug)),
        ("locale", json(&address.locale)),
        ("excerpt", json(excerpt)),
        ("tags", json(tags)),
        ("category_ids", json(category_ids)),
        ("byline_ids", json(byline_ids)),
        ("featured_image_id", json(featured_image_id)),
        ("aliases", json(aliases)),
        ("source", json(source)),
        ("seo", json(seo)),
        ("extra", json(extra)),
    ]
}

fn json(member: &impl serde::Serialize) -> Value {
    serde_json::to_value(member).unwrap_or_default()
}

/// The stretches of `base` that both others changed, in different ways.
fn hunks(base: &str, current: &str, yours: &str) -> Vec<Hunk> {
    if base == current || base == yours || current == yours {
        return Vec::new();
    }
    let [base, current, yours] =
        [base, current, yours].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let theirs = changes(&base, &current);
    let ours = changes(&base, &yours);
    theirs
        .iter()
        .flat_map(|their| {
            ours.iter()
                .filter(|our| their.touches(our))
                .map(move |our| (their, our))
        })
        .filter(|(their, our)| current[their.new.clone()] != yours[our.new.clone()])
        .map(|(their, our)| Hunk {
            line: their.old.start.min(our.old.start) + 1,
            base: base[their.old.start.min(our.old.start)..their.old.end.max(our.old.end)].concat(),
            current: current[their.new.clone()].concat(),
            yours: yours[our.new.clone()].concat(),
        })
        .collect()
}

/// One changed stretch: its lines in the old text and in the new one.
struct Change {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
}

impl Change {
    /// True when no unchanged line lies between the two.
    fn touches(&self, other: &Self) -> bool {
        self.old.start <= other.old.end && other.old.start <= self.old.end
    }
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    capture_diff_slices(Algorithm::Myers, old, new)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| Change {
            old: op.old_range(),
            new: op.new_range(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_both_changed_are_hunks() {
        let base = "uno\ndos\ntres\ncuatro\n";
        let found = hunks(
            base,
            "UNO\ndos\ntres\ncuatro!\n",
            "uno\ndos\ntres\nCUATRO\n",
        );
        assert_eq!(
            found,
            [Hunk {
                line: 4,
                base: "cuatro\n".into(),
                current: "cuatro!\n".into(),
                yours: "CUATRO\n".into()
            }]
        );
        assert!(hunks(base, "UNO\ndos\ntres\ncuatro\n", "uno\ndos\ntres\nCUATRO\n").is_empty());
        assert!(hunks(base, "UNO\ndos\ntres\ncuatro\n", "UNO\ndos\ntres\ncuatro\n").is_empty());
    }
}
