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

/// Writes new and changed claims, and deletes those that the post gives up.
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
    Ok(())
}

/// Claims new old paths and import sources, and deletes the claims that the post gives up.
pub(super) fn write_names(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let id = write.after.state.id;
    let held = write.content_before().map(names).unwrap_or_default();
    let holds = names(&write.after.content);
    for name in holds.iter().filter(|name| !held.contains(name)) {
        let (entity, unique) = match name {
            PostName::OldPath(path) => (EntityType::OldPath, Unique::OldPath(path.clone())),
            PostName::Source { .. } => (EntityType::Source, Unique::Source),
        };
        let item = encode(holder(keys::name(name), entity, id))?;
        let taken = PostRefusal::Taken(unique);
        change.put_if(Table::Posts, item, absent_or_own(id), taken)?;
    }
    for name in held.iter().filter(|name| !holds.contains(name)) {
        change.remove(Table::Posts, keys::name(name))?;
    }
    Ok(())
}

/// Condition: the name is free or belongs to this post.
pub(super) fn absent_or_own(id: PostId) -> Condition {
    Condition::new(
        "attribute_not_exists(pk) OR post_id = :id",
        [(":id", AttributeValue::S(id.to_string()))],
    )
}

/// The unique names in the content of a post other than its address.
pub(crate) fn names(content: &Content) -> Vec<PostName> {
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
