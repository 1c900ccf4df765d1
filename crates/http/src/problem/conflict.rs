//! Details of edit conflicts, with which a client can merge.

use http::header;
use serde_json::{Map, Value, json};
use tintero_domain::{
    posts::{Conflict, FieldConflict, Hunk},
    values::{PostId, Revision, Version, VersionTag},
};

use super::{Problem, ProblemType};
use crate::{base_path::prefixed, respond::entity_tag};

/// Maximum size of one value in a response, in bytes of JSON.
const MAX_VALUE: usize = 2048;

/// Maximum number of overlapping hunks in a response.
const MAX_HUNKS: usize = 500;

const MERGEABLE: &str = "The write is based on an outdated version and was rejected. It does not overlap with the concurrent \
    changes: repeat it with merge=auto to apply both.";

/// Returns the problem for a write that is based on an outdated version.
pub(super) fn problem(conflict: Conflict) -> Problem {
    let Conflict {
        id,
        current,
        base_revision,
        fields,
        body,
        is_mergeable,
    } = conflict;
    let mut problem = Problem::new(ProblemType::Stale)
        .header(header::ETAG, &entity_tag(current))
        .member("mergeable", is_mergeable)
        .member("current_version", current.version.0)
        .member("current_revision", current.revision.0)
        .member("conflicts", members(fields))
        .member("links", links(id, base_revision, current.revision));
    if base_revision >= Revision::FIRST {
        problem = problem.member("base_revision", base_revision.0);
    }
    if is_mergeable {
        problem = problem.detail(MERGEABLE);
    }
    if let Some(hunks) = body {
        problem = problem.member("body", overlaps(hunks));
    }
    problem
}

/// Returns links to the complete revisions. A base that never existed has no links.
fn links(id: PostId, base: Revision, current: Revision) -> Value {
    let revision = |number| prefixed(format!("/v1/posts/{id}/revisions/{number}"));
    let mut links = json!({ "current": revision(current) });
    if (Revision::FIRST..=current).contains(&base) {
        links["base"] = revision(base).into();
        links["diff"] = format!("{}/diff?from={base}", revision(current)).into();
    }
    links
}

/// Returns the problem for an outdated write to a resource without revisions.
pub(super) fn outdated(version: Version) -> Problem {
    Problem::new(ProblemType::Stale)
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
            let mut versions = json!({ "current": bounded(current), "yours": bounded(yours) });
            if let Some(base) = base {
                versions["base"] = bounded(base);
            }
            (field, versions)
        })
        .collect()
}

/// Returns the first overlapping hunks, and the number of the others if there are any.
fn overlaps(hunks: Vec<Hunk>) -> Value {
    let omitted = hunks.len().saturating_sub(MAX_HUNKS);
    let hunks: Vec<_> = hunks.into_iter().take(MAX_HUNKS).map(hunk).collect();
    let mut body = json!({ "hunks": hunks });
    if omitted > 0 {
        body["omitted"] = omitted.into();
    }
    body
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

/// Returns the value, or the beginning of its text if it is too large.
fn bounded(value: Value) -> Value {
    let text = match &value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.len() <= MAX_VALUE {
        return value;
    }
    let end = text.floor_char_boundary(MAX_VALUE);
    json!({ "truncated": &text[..end], "bytes": text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_above_the_limit_are_counted() {
        let hunk = Hunk {
            line: 1,
            base: String::new(),
            current: "a".to_owned(),
            yours: "b".to_owned(),
        };
        let body = overlaps(vec![hunk.clone(); 510]);
        assert_eq!(body["hunks"].as_array().unwrap().len(), 500);
        assert_eq!(body["omitted"], 10);
        assert!(overlaps(vec![hunk]).get("omitted").is_none());
    }

    #[test]
    fn large_values_are_truncated_between_characters() {
        assert_eq!(bounded("corto".into()), json!("corto"));
        let long = format!("a{}", "ñ".repeat(2000));
        let cut = bounded(long.clone().into());
        assert_eq!(cut["bytes"], long.len());
        assert_eq!(cut["truncated"].as_str().unwrap().len(), 2047);
    }
}
