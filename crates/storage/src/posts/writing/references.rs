//! Conditions on the resources that a post refers to.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    posts::{Content, Live, Post, Status},
    taxonomy::Tree,
    values::{BylineId, CategoryId, IdOrSlug, Tag},
};

use super::{PostRefusal, PostTransaction, PostWrite, counts};
use crate::{
    keys::{self, Table},
    taxonomy::no_retirement_since,
    unit_of_work::Condition,
};

/// Maximum number of categories that are checked individually. For more, the transaction checks the
/// version of the whole tree.
const MAX_CHECKS: usize = 2;

/// Requires that new references of a write exist at the time of the write.
pub(super) fn require_references(
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
    tree: &Tree,
) -> Result<()> {
    let (held, holds) = (write.content_before(), &write.after.content);
    require_taxonomy(change, write, tree)?;
    require_bylines(change, write)?;
    let image = holds.featured_image_id;
    if let Some(id) = image.filter(|id| held.is_none_or(|held| held.featured_image_id != Some(*id)))
    {
        let missing = PostRefusal::Missing("/featured_image_id".to_owned());
        let usable = Condition::new("attribute_exists(pk) AND attribute_not_exists(trash)", []);
        change.require_if(Table::Images, keys::image(id), usable, missing)?;
    }
    Ok(())
}

/// Requires that new bylines exist. A retirement removes the byline, so that no post enters the list while an
/// operation empties it.
fn require_bylines(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let PostWrite { before, after, .. } = *write;
    let (listed, named) = (before.map(listed_bylines), write.content_before());
    let mut new = listed_bylines(after);
    new.retain(|id| listed.as_ref().is_none_or(|listed| !listed.contains(id)));
    let ids = after.content.byline_ids.iter();
    new.extend(ids.filter(|id| named.is_none_or(|named| !named.byline_ids.contains(id))));
    for id in new {
        let mut ids = after.content.byline_ids.iter();
        let position = ids.position(|other| *other == id).unwrap_or_default();
        let missing = PostRefusal::Missing(format!("/byline_ids/{position}"));
        change.require(Table::Identity, keys::byline(id), missing)?;
    }
    Ok(())
}

/// Requires that new categories exist, and that no new category or tag was retired after the writer
/// read the tree. A post must not enter a list while an operation empties it.
fn require_taxonomy(
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
    tree: &Tree,
) -> Result<()> {
    let PostWrite { before, after, .. } = *write;
    let (listed, named) = (before.map(listed_categories), write.content_before());
    let mut new = listed_categories(after);
    new.retain(|id| listed.as_ref().is_none_or(|listed| !listed.contains(id)));
    let ids = after.content.category_ids.iter();
    new.extend(ids.filter(|id| named.is_none_or(|named| !named.category_ids.contains(id))));
    let all_known = new.iter().all(|id| tree.find(&IdOrSlug::Id(*id)).is_some());
    let too_many = all_known && new.len() > MAX_CHECKS;
    if too_many || lists_unchecked_tag(before, after) {
        // One condition instead of many keeps the largest post within the limit of a transaction.
        let (version, unchanged) = (keys::tree_version(), no_retirement_since(tree.version));
        change.require_if(Table::Taxonomy, version, unchanged, PostRefusal::OldTree)?;
        if all_known {
            return Ok(());
        }
    }
    for id in new {
        let mut ids = after.content.category_ids.iter();
        let position = ids.position(|other| *other == id).unwrap_or_default();
        let missing = if tree.resolve(id).is_some() {
            PostRefusal::MissingCategory(position)
        } else {
            // The category was deleted, possibly after a merge. A retry cannot succeed.
            PostRefusal::Missing(format!("/category_ids/{position}"))
        };
        change.require_if(Table::Taxonomy, keys::category(id), unretired(), missing)?;
    }
    Ok(())
}

/// Whether a write adds a post to the list of a tag without changing the tag's counter. Counters of
/// scheduled changes and of very many tags change later.
fn lists_unchecked_tag(before: Option<&Post>, after: &Post) -> bool {
    let listed = before.map(listed_tags).unwrap_or_default();
    let checks_counter = counts::checks_counter(before, after);
    let mut new = listed_tags(after).into_iter();
    new.any(|tag| !listed.contains(&tag) && !checks_counter(&tag))
}

/// Whether a post has a byline that was retired between two reads of the tree.
pub(super) fn has_retired_byline(post: &Post, earlier: &Tree, later: &Tree) -> bool {
    let named = post.content.byline_ids.iter().copied();
    let mut all = named.chain(listed_bylines(post));
    all.any(|id| earlier.byline_tombstone(id).is_none() && later.byline_tombstone(id).is_some())
}

/// Whether a post has a category, a tag or a byline, or is in the list of one.
pub(super) fn has_taxonomy(post: &Post) -> bool {
    let Content {
        category_ids,
        tags,
        byline_ids,
        ..
    } = &post.content;
    let names = !category_ids.is_empty() || !tags.is_empty() || !byline_ids.is_empty();
    let mut lives = present_and_scheduled(post).into_iter();
    names
        || lives.any(|live| {
            !live.category_ids.is_empty() || !live.tags.is_empty() || !live.byline_ids.is_empty()
        })
}

/// The bylines in whose lists a post is now or will be as scheduled.
fn listed_bylines(post: &Post) -> BTreeSet<BylineId> {
    let lives = present_and_scheduled(post).into_iter();
    lives
        .flat_map(|live| live.byline_ids.iter().copied())
        .collect()
}

/// The tags, in lower case, in whose lists a post is now or will be as scheduled.
fn listed_tags(post: &Post) -> BTreeSet<String> {
    let lives = present_and_scheduled(post).into_iter();
    lives
        .flat_map(|live| live.tags.iter().map(Tag::folded))
        .collect()
}

/// The categories in whose lists a post is now or will be as scheduled.
fn listed_categories(post: &Post) -> BTreeSet<CategoryId> {
    let lives = present_and_scheduled(post).into_iter();
    lives
        .flat_map(|live| live.category_ids.iter().copied())
        .collect()
}

fn present_and_scheduled(post: &Post) -> Vec<&Live> {
    let status = &post.state.status;
    if matches!(status, Status::Archived { .. }) {
        return Vec::new();
    }
    let phases = status.phases().into_iter();
    phases.map(|phase| phase.value).collect()
}

fn unretired() -> Condition {
    Condition::new(
        "attribute_exists(pk) AND attribute_not_exists(retired_at)",
        [],
    )
}
