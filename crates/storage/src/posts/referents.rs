//! What a post refers to has to be there at the moment at which it is written.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    categories::Tree,
    posts::{Live, Post, Status},
    values::{CategoryId, IdOrSlug, Tag},
};

use super::{
    changes::{Change, Refusal},
    counts,
};
use crate::{
    categories::nothing_retired_since,
    item::Attributes,
    keys::{self, Table},
    unit_of_work::Condition,
};

/// Categories that are looked at one by one; more of them are looked at together.
const MOST_CHECKS: usize = 2;

/// What a write newly refers to must exist at that moment.
pub(super) fn require_references(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    tree: &Tree,
) -> Result<()> {
    let (held, holds) = (before.map(|post| &post.content), &after.content);
    require_filing(change, before, after, tree)?;
    for (position, id) in holds.byline_ids.iter().enumerate() {
        if held.is_none_or(|held| !held.byline_ids.contains(id)) {
            let missing = Refusal::Missing(format!("/byline_ids/{position}"));
            change.require(Table::Identity, keys::byline(*id), missing)?;
        }
    }
    let image = holds.featured_image_id;
    if let Some(id) = image.filter(|id| held.is_none_or(|held| held.featured_image_id != Some(*id)))
    {
        let missing = Refusal::Missing("/featured_image_id".to_owned());
        change.require(Table::Images, keys::image(id), missing)?;
    }
    Ok(())
}

/// Categories that a write newly names, or newly lists the post under, must be there; they and the
/// tags that it newly lists it under must be what they were when the writer saw the tree: into a
/// list that posts move out of comes no other.
fn require_filing(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    tree: &Tree,
) -> Result<()> {
    let (listed, named) = (before.map(lists_of), before.map(|post| &post.content));
    let mut wanted = lists_of(after);
    wanted.retain(|id| listed.as_ref().is_none_or(|listed| !listed.contains(id)));
    let fresh = after.content.category_ids.iter();
    wanted.extend(fresh.filter(|id| named.is_none_or(|named| !named.category_ids.contains(id))));
    let all_known = wanted
        .iter()
        .all(|id| tree.find(&IdOrSlug::Id(*id)).is_some());
    let together = all_known && wanted.len() > MOST_CHECKS;
    if together || lists_unasked(before, after) {
        // One condition instead of many keeps the largest post below the limit of a transaction.
        let (version, gate) = (keys::tree_version(), nothing_retired_since(tree.seen()));
        change.require_if(Table::Taxonomy, version, gate, Refusal::OldTree)?;
        if all_known {
            return Ok(());
        }
    }
    for id in wanted {
        let mut named = after.content.category_ids.iter();
        let position = named.position(|other| *other == id).unwrap_or_default();
        let missing = Refusal::MissingCategory(position);
        change.require_if(Table::Taxonomy, keys::category(id), present(), missing)?;
    }
    Ok(())
}

/// True when a write newly lists a post under a tag whose counter it does not ask: what is planned
/// is counted when its time has come, and very many tags are counted later.
fn lists_unasked(before: Option<&Post>, after: &Post) -> bool {
    let listed = before.map(tags_of).unwrap_or_default();
    let asks_counter = counts::asks_counter(before, after);
    let mut new = tags_of(after).into_iter();
    new.any(|tag| !listed.contains(&tag) && !asks_counter(&tag))
}

/// The tags, in lower case, in whose lists a post stands, or will.
fn tags_of(post: &Post) -> BTreeSet<String> {
    let lives = listed_as(post).into_iter();
    lives
        .flat_map(|live| live.tags.iter().map(Tag::folded))
        .collect()
}

/// True when a post names something under which it is filed, or stands in a list of that.
pub(super) fn is_filed(post: &Post) -> bool {
    let content = &post.content;
    let names = !content.category_ids.is_empty() || !content.tags.is_empty();
    let mut lives = listed_as(post).into_iter();
    names || lives.any(|live| !live.category_ids.is_empty() || !live.tags.is_empty())
}

/// The categories in whose lists a post stands, or will.
fn lists_of(post: &Post) -> BTreeSet<CategoryId> {
    let lives = listed_as(post).into_iter();
    lives
        .flat_map(|live| live.category_ids.iter().copied())
        .collect()
}

/// What lists show of a post, or will.
fn listed_as(post: &Post) -> Vec<&Live> {
    let status = &post.standing.status;
    if matches!(status, Status::Archived { .. }) {
        return Vec::new();
    }
    let phases = status.phases().into_iter();
    phases.map(|phase| phase.what).collect()
}

/// The category is there, and nothing else stands for it.
fn present() -> Condition {
    Condition::new(
        "attribute_exists(pk) AND attribute_not_exists(retired_at)",
        [],
    )
}

/// True when another category stands for this one by now, which the writer did not know.
pub(super) fn is_merged(category: Option<&Attributes>) -> bool {
    let fate = category.and_then(|category| category.get("fate"));
    fate.and_then(|fate| fate.as_s().ok())
        .is_some_and(|fate| fate == "merged")
}
