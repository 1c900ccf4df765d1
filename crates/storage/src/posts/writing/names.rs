//! The unique names of a post: its addresses, its old paths and its import source.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    error::Unique,
    posts::{ClaimState, Content, Post, PostName},
    values::{Address, Locale, PostId, Slug},
};

use super::{PostRefusal, PostTransaction, PostWrite};
use crate::{
    dynamo::{Consistency, Dynamo},
    item::{EntityType, encode, key_of},
    keys::{self, Table},
    posts::items::{PackedCopy, claim_item, holder},
    unit_of_work::Condition,
};

/// Writes new and changed claims, and deletes those that the post gives up. A new address that the post does not
/// claim yet must be free.
pub(super) fn write_claims(
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
    copies: &[PackedCopy],
) -> Result<()> {
    let id = write.after.state.id;
    let held = write.before.map(Post::claims).unwrap_or_default();
    let holds = write.after.claims();
    for (address, state) in &holds {
        let holds_copies = matches!(state, ClaimState::Public { .. } | ClaimState::Archived);
        let unchanged = if holds_copies {
            // A write without copies does not change the public side.
            copies.is_empty()
        } else {
            held.get(address) == Some(state)
        };
        if unchanged {
            continue;
        }
        let item = claim_item(address, id, state, copies)?;
        let taken = PostRefusal::Taken(Unique::Slug((*address).clone()));
        change.put_if(Table::Posts, item, absent_or_own(id), taken)?;
    }
    for address in held.keys().filter(|address| !holds.contains_key(*address)) {
        change.remove(Table::Posts, keys::claim(address))?;
    }
    let working = &write.after.content.address;
    let known = write.content_before().map(|content| &content.address) == Some(working);
    if write.is_save() && !known && !held.contains_key(working) && !holds.contains_key(working) {
        let taken = PostRefusal::Taken(Unique::Slug(working.clone()));
        change.require_if(Table::Posts, keys::claim(working), absent_or_own(id), taken)?;
    }
    Ok(())
}

/// Claims new old paths and import sources, and deletes the claims that the post gives up. New names that the
/// post does not claim yet must be free.
pub(super) fn write_names(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let id = write.after.state.id;
    let held = write.before.map(held_names).unwrap_or_default();
    let holds = held_names(write.after);
    for name in holds.iter().filter(|name| !held.contains(name)) {
        let entity = match name {
            PostName::OldPath(_) => EntityType::OldPath,
            PostName::Source { .. } => EntityType::Source,
        };
        let item = encode(holder(keys::name(name), entity, id))?;
        change.put_if(Table::Posts, item, absent_or_own(id), taken(name))?;
    }
    for name in held.iter().filter(|name| !holds.contains(name)) {
        change.remove(Table::Posts, keys::name(name))?;
    }
    let known = write.content_before().map(names).unwrap_or_default();
    let named = names(&write.after.content).into_iter();
    let unclaimed = named.filter(|name| !known.contains(name) && !holds.contains(name));
    for name in unclaimed.filter(|_| write.is_save()) {
        let (key, taken) = (keys::name(&name), taken(&name));
        change.require_if(Table::Posts, key, absent_or_own(id), taken)?;
    }
    Ok(())
}

fn taken(name: &PostName) -> PostRefusal {
    PostRefusal::Taken(match name {
        PostName::OldPath(path) => Unique::OldPath(path.clone()),
        PostName::Source { .. } => Unique::Source,
    })
}

/// Condition: the name is free or belongs to this post.
pub(super) fn absent_or_own(id: PostId) -> Condition {
    Condition::new(
        "attribute_not_exists(pk) OR post_id = :id",
        [(":id", AttributeValue::S(id.to_string()))],
    )
}

/// The unique names that a post claims, other than its addresses. Old paths lead to public posts, so drafts do
/// not claim them.
pub(crate) fn held_names(post: &Post) -> Vec<PostName> {
    let claims = post.claims_names();
    let is_claimed = |name: &PostName| claims || matches!(name, PostName::Source { .. });
    names(&post.content)
        .into_iter()
        .filter(is_claimed)
        .collect()
}

/// The unique names in the content of a post other than its address.
fn names(content: &Content) -> Vec<PostName> {
    let paths = content.aliases.iter().cloned().map(PostName::OldPath);
    let source = content.source.iter().map(|source| PostName::Source {
        import: source.import.clone(),
        path: source.path.clone(),
    });
    paths.chain(source).collect()
}

/// Returns the slugs that posts with this locale claim. Eventually consistent.
pub(super) async fn taken_slugs(
    dynamo: &Dynamo,
    locale: &Locale,
    slugs: &[Slug],
) -> Result<BTreeSet<Slug>> {
    let claim = |slug: &Slug| {
        keys::claim(&Address {
            locale: locale.clone(),
            slug: slug.clone(),
        })
    };
    let claims = slugs.iter().map(claim).collect();
    let found = dynamo.get_many(Table::Posts, claims, Consistency::Eventual);
    let found: BTreeSet<_> = found.await?.iter().filter_map(key_of).collect();
    let taken = slugs.iter().filter(|slug| found.contains(&claim(slug)));
    Ok(taken.cloned().collect())
}
