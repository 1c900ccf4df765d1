//! The names that links use.

use tintero_domain::{
    posts::{LinkName, PostName},
    values::{PostId, Timestamp},
};

use super::{ItemKey, claim, digest, moment, name, public_changes};

/// The claim of a post on a name that a link uses.
#[must_use]
pub fn linked(link: &LinkName) -> ItemKey {
    match link {
        LinkName::Source { import, path } => name(&PostName::Source {
            import: import.clone(),
            path: path.clone(),
        }),
        LinkName::OldPath(path) => name(&PostName::OldPath(path.clone())),
        LinkName::Address(address) => claim(address),
    }
}

/// The partition of the posts whose public copies may use a name.
fn link_uses(name: &LinkName) -> String {
    let ItemKey { pk, sk } = linked(name);
    format!("B#{}", digest(&[&pk, &sk]))
}

/// A post in that partition.
#[must_use]
pub fn link_use(name: &LinkName, post: PostId) -> ItemKey {
    ItemKey::new(link_uses(name), post.to_string())
}

/// The partition, and the first and last sort key of the posts after one, or of all.
#[must_use]
pub fn link_uses_after(name: &LinkName, after: Option<PostId>) -> (String, [String; 2]) {
    let first = after.map_or_else(|| "0".to_owned(), |post| format!("{post}~"));
    (link_uses(name), [first, "~".to_owned()])
}

/// The partition, and the first and last sort key of the changes of public posts from a time, or after one of its
/// changes, up to `now`.
#[must_use]
pub fn public_changes_after(
    from: Timestamp,
    after: Option<PostId>,
    now: Timestamp,
) -> (String, [String; 2]) {
    let first = after.map_or_else(
        || from.to_string(),
        |post| format!("{}~", moment(from, post)),
    );
    (public_changes(), [first, format!("{now}~")])
}

/// How far the changes that links depend on were followed.
#[must_use]
pub fn link_progress() -> ItemKey {
    ItemKey::new("LINKS", "PROGRESS")
}
