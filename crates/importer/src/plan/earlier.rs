//! Posts that an import made which knew no categories: it kept them among the tags.

use serde_json::json;

use super::decide::{LINKS, same};
use crate::{
    api::Remote,
    post::{Members, Post},
};

/// The members that the import sent which brought this file, when the post on the server shows that
/// it was one of the earlier form.
///
/// A post without categories looks the same in both forms. It counts as one of the earlier form
/// when nobody changed it since, for else somebody may have taken away what it lacks.
pub(super) fn form(base: &Post, remote: &Remote) -> Option<Members> {
    let mut members = base.content.members();
    let now = |name: &str| remote.members.get(name);
    let tags = json!(base.all_terms);
    let has_links = LINKS.iter().any(|name| !same(None, now(name)));
    let has_its_tags = same(Some(&tags), now("tags"));
    let is_told_apart = !same(Some(&tags), members.get("tags"));
    if has_links || !has_its_tags || (remote.was_edited && !is_told_apart) {
        return None;
    }
    members.retain(|name, _| !LINKS.contains(&name.as_str()));
    members.insert("tags".to_owned(), tags);
    Some(members)
}
