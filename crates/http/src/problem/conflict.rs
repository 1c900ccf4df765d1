//! What a refused write is told, so that its author can merge instead of starting over.

use http::header;
use serde_json::{Map, Value, json};
use tintero_domain::{
    posts::{Conflict, FieldConflict, Hunk},
    values::{PostId, Revision, Version, VersionTag},
};

use super::{Kind, Problem};
use crate::respond::entity_tag;

/// Largest state of one member that is shown, in bytes of JSON.
const MAX_STATE: usize = 2048;

/// What to do where the late change and what is there do not meet.
const MERGEABLE: &str = "The write was based on an older state and was not made. What was changed meanwhile does not meet \
    it: send it again with merge=auto to have both.";

/// The refusal of a write that came too late.
pub(super) fn problem(conflict: Conflict) -> Problem {
    let Conflict {
        id,
        current,
        base_revision,
        fields,
        body,
        is_mergeable,
    } = conflict;
    let mut problem = Problem::new(Kind::Stale)
        .header(header::ETAG, &entity_tag(current))
        .member("mergeable", is_mergeable)
        .member("current_version", current.version.0)
        .member("current_revision", current.revision.0)
        .member("base_revision", base_revision.0)
        .member("conflicts", members(fields))
        .member("links", links(id, base_revision, current.revision));
    if is_mergeable {
        problem = problem.detail(MERGEABLE);
    }
    if let Some(hunks) = body {
        let hunks: Vec<_> = hunks.into_iter().map(hunk).collect();
        problem = problem.member("body", json!({ "hunks": hunks }));
    }
    problem
}

/// Where the states are in full. A base that nobody ever saw is not there.
fn links(id: PostId, base: Revision, current: Revision) -> Value {
    let revision = |number| format!("/v1/posts/{id}/revisions/{number}");
    let mut links = json!({ "current": revision(current) });
    if base <= current {
        links["base"] = revision(base).into();
        links["diff"] = format!("{}/diff?from={base}", revision(current)).into();
    }
    links
}

/// The refusal of a write to a resource that has no revisions to compare.
pub(super) fn outdated(version: Version) -> Problem {
    Problem::new(Kind::Stale)
        .header(header::ETAG, &entity_tag(VersionTag::of(version)))
        .member("current_version", version.0)
}

fn members(fields: Vec<FieldConflict>) -> Map<String, Value> {
    fields
        .into_iter()
        .map(|conflict| {
            let FieldConflict {
                field,
                base,
                current,
                yours,
            } = conflict;
            let mut states = json!({ "current": bounded(current), "yours": bounded(yours) });
            if let Some(base) = base {
                states["base"] = bounded(base);
            }
            (field, states)
        })
        .collect()
}

fn hunk(hunk: Hunk) -> Value {
    let Hunk {
        line,
        base,
        current,
        yours,
    } = hunk;
    json!({
        "line": line,
        "base": bounded(base.into()),
        "current": bounded(current.into()),
        "yours": bounded(yours.into()),
    })
}

/// The value, or the beginning of its text with a mark when it is too large for an answer.
fn bounded(value: Value) -> Value {
    let text = match &value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.len() <= MAX_STATE {
        return value;
    }
    let end = text.floor_char_boundary(MAX_STATE);
    json!({ "truncated": &text[..end], "bytes": text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_states_are_cut_between_characters() {
        assert_eq!(bounded("corto".into()), json!("corto"));
        let long = format!("a{}", "ñ".repeat(2000));
        let cut = bounded(long.clone().into());
        assert_eq!(cut["bytes"], long.len());
        assert_eq!(cut["truncated"].as_str().unwrap().len(), 2047);
    }
}
