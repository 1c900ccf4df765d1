//! Posts from imports that did not support categories and kept them among the tags.

use serde_json::json;

use super::merge_patch::is_equal;
use crate::{
    api::RemotePost,
    post::{JsonObject, ParsedPost},
};

/// Members that imports without categories did not send.
pub(super) const LATER_MEMBERS: [&str; 4] =
    ["category_ids", "byline_ids", "featured_image_id", "seo"];

/// Returns the members that an import without categories sent for this file, if the post on the
/// server matches them.
///
/// A file without categories gives the same post with both kinds of import. Its post counts as
/// legacy only while it was not edited: an editor may have removed the missing members.
pub(super) fn members(base: &ParsedPost, remote: &RemotePost) -> Option<JsonObject> {
    let mut members = base.content.members();
    let now = |name: &str| remote.members.get(name);
    let tags = json!(base.legacy_tags);
    let has_later = LATER_MEMBERS.iter().any(|name| !is_equal(None, now(name)));
    let has_tags = is_equal(Some(&tags), now("tags"));
    let is_distinct = !is_equal(Some(&tags), members.get("tags"));
    if has_later || !has_tags || (remote.was_edited && !is_distinct) {
        return None;
    }
    members.retain(|name, _| !LATER_MEMBERS.contains(&name.as_str()));
    members.insert("tags".to_owned(), tags);
    Some(members)
}
