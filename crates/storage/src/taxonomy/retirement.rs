//! Writes tombstones of categories, tags and bylines.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    error::{BylineUse, CategoryUse},
    operations::Operation,
    posts::ListKey,
    taxonomy::{
        BylineTombstone, RetirementPrecondition, RetirementWrite, TagTombstone, Tombstone,
        TreeVersion,
    },
    values::{Slug, Version},
    writes::{WriteContext, WriteOutcome},
};

use super::{TreeRefusal, explain, tree};
use crate::{
    counters::Counter,
    dynamo::Dynamo,
    item::{Attributes, EntityType, Item, encode},
    keys::{self, AuditSubject, ItemKey, Table},
    operations,
    slugs::SlugRecord,
    unit_of_work::{Condition, UnitOfWork},
};

pub(super) async fn retire(
    dynamo: &Dynamo,
    context: &WriteContext,
    version: TreeVersion,
    retirement: &RetirementWrite,
    operation: Option<&Operation>,
) -> Result<WriteOutcome> {
    let tombstone = &retirement.tombstone;
    let mut change = UnitOfWork::new(dynamo, context, subject(&list_of(tombstone)));
    tree::increment_version(&mut change, version, 1)?;
    change.put(Table::Taxonomy, encode_tombstone(tombstone)?)?;
    match (&retirement.precondition, tombstone) {
        (RetirementPrecondition::NoPosts { slug }, Tombstone::Category(tombstone)) => {
            let counter = keys::category_count(tombstone.id);
            release_category(&mut change, counter, slug)?;
        }
        (precondition, Tombstone::Tag(tombstone)) => {
            mark_counters(&mut change, tombstone, precondition)?;
        }
        (RetirementPrecondition::Byline { version, slug }, Tombstone::Byline(tombstone)) => {
            remove_byline(&mut change, tombstone, *version, slug)?;
        }
        (_, Tombstone::Category(_) | Tombstone::Byline(_)) => {}
    }
    if let Some(operation) = operation {
        operations::queue(&mut change, operation)?;
    }
    change.commit().await?.or_explain(explain)
}

/// Frees the slug of a category that has no published posts.
fn release_category(
    change: &mut UnitOfWork<'_, TreeRefusal>,
    counter: ItemKey,
    slug: &Slug,
) -> Result<()> {
    change.remove(Table::Taxonomy, keys::category_slug(slug))?;
    let refusal = TreeRefusal::InUse(CategoryUse::Posts);
    change.require_if(Table::Taxonomy, counter, still_counts(false), refusal)
}

/// Removes a byline. The slug of a merged one still leads to it, until another byline takes the slug. The slug
/// of a deleted one, which must have no published posts, becomes free.
fn remove_byline(
    change: &mut UnitOfWork<'_, TreeRefusal>,
    tombstone: &BylineTombstone,
    version: Version,
    slug: &Slug,
) -> Result<()> {
    let version = [(":version", AttributeValue::N(version.to_string()))];
    let current = Condition::new("version = :version", version);
    let (byline, claim) = (keys::byline(tombstone.id), keys::byline_slug(slug));
    change.remove_if(Table::Identity, byline, current, TreeRefusal::Conflict)?;
    if tombstone.alias.is_some() {
        let former = SlugRecord::former(tombstone.id.uuid());
        let item = Item::new(claim, EntityType::BylineSlug, former);
        return change.put(Table::Identity, encode(item)?);
    }
    change.remove(Table::Identity, claim)?;
    let refusal = TreeRefusal::BylineInUse(BylineUse {
        count: 1,
        posts: Vec::new(),
    });
    let counter = keys::byline_count(tombstone.id);
    change.require_if(Table::Taxonomy, counter, still_counts(false), refusal)
}

/// Marks the counter of a retired tag, so that no post can be added to its list. Removes the mark
/// and the tombstone of a replacement that was retired itself.
fn mark_counters(
    change: &mut UnitOfWork<'_, TreeRefusal>,
    tombstone: &TagTombstone,
    precondition: &RetirementPrecondition,
) -> Result<()> {
    let RetirementPrecondition::TagCounters {
        source_has_posts,
        target_has_posts,
        target_is_retired,
    } = *precondition
    else {
        return Ok(());
    };
    let (from, into) = (tombstone.tag.folded(), tombstone.alias.into.folded());
    let conflict = || TreeRefusal::Conflict;
    let source_unchanged = still_counts(source_has_posts);
    change.mark_if(Counter::tag(&from), true, source_unchanged, conflict())?;
    let target_unchanged = still_counts(target_has_posts);
    if !target_is_retired {
        let counter = keys::tag_count(&into);
        return change.require_if(Table::Taxonomy, counter, target_unchanged, conflict());
    }
    let drained = Condition::new("drained = :yes", [(":yes", AttributeValue::Bool(true))]);
    let replaced = keys::tag_tombstone(&into);
    change.remove_if(Table::Taxonomy, replaced, drained, conflict())?;
    change.mark_if(Counter::tag(&into), false, target_unchanged, conflict())
}

/// Condition: a counter is positive if `posts`, and not positive otherwise.
fn still_counts(posts: bool) -> Condition {
    let zero = [(":none", AttributeValue::N("0".to_owned()))];
    if posts {
        Condition::new("posts > :none", zero)
    } else {
        Condition::new("attribute_not_exists(pk) OR posts <= :none", zero)
    }
}

pub(super) async fn resume(
    dynamo: &Dynamo,
    context: &WriteContext,
    before: &Tombstone,
    operation: &Operation,
) -> Result<WriteOutcome> {
    let Some((known, drained)) = before.relocation() else {
        return Ok(WriteOutcome::Conflict);
    };
    let unchanged = Condition::new(
        "operation = :known AND drained = :drained",
        [
            (":known", AttributeValue::S(known.to_string())),
            (":drained", AttributeValue::Bool(drained)),
        ],
    );
    let after = encode_tombstone(&before.clone().with_operation(operation.id))?;
    let mut change = UnitOfWork::new(dynamo, context, subject(&list_of(before)));
    change.put_if(Table::Taxonomy, after, unchanged, ())?;
    operations::queue(&mut change, operation)?;
    change.commit_or_conflict().await
}

pub(super) async fn mark_drained(
    dynamo: &Dynamo,
    context: &WriteContext,
    list: &ListKey,
) -> Result<()> {
    let exists = Condition::new(
        "attribute_exists(retired_at)",
        [(":yes", AttributeValue::Bool(true))],
    );
    let mut change = UnitOfWork::new(dynamo, context, subject(list));
    let (key, expression) = (tombstone_key(list), "SET drained = :yes");
    change.update_if(Table::Taxonomy, key, expression, exists, ())?;
    match (change.commit_or_conflict().await?, list) {
        // The tombstone of a tag is removed when the name is in use again.
        (WriteOutcome::Applied, _) | (WriteOutcome::Conflict, ListKey::Tag(_)) => Ok(()),
        (WriteOutcome::Conflict, ListKey::Category(_) | ListKey::Byline(_)) => {
            Err(Error::Contended)
        }
    }
}

fn list_of(tombstone: &Tombstone) -> ListKey {
    match tombstone {
        Tombstone::Category(tombstone) => ListKey::Category(tombstone.id),
        Tombstone::Tag(tombstone) => ListKey::Tag(tombstone.tag.clone()),
        Tombstone::Byline(tombstone) => ListKey::Byline(tombstone.id),
    }
}

fn subject(list: &ListKey) -> AuditSubject {
    match list {
        ListKey::Category(id) => AuditSubject::Category(*id),
        ListKey::Tag(tag) => AuditSubject::Tag(tag.folded()),
        ListKey::Byline(id) => AuditSubject::Byline(*id),
    }
}

fn tombstone_key(list: &ListKey) -> ItemKey {
    match list {
        ListKey::Category(id) => keys::category(*id),
        ListKey::Tag(tag) => keys::tag_tombstone(&tag.folded()),
        ListKey::Byline(id) => keys::byline_tombstone(*id),
    }
}

fn encode_tombstone(tombstone: &Tombstone) -> Result<Attributes> {
    let key = tombstone_key(&list_of(tombstone));
    match tombstone {
        Tombstone::Category(body) => encode(Item::new(key, EntityType::CategoryTombstone, body)),
        Tombstone::Tag(body) => encode(Item::new(key, EntityType::TagTombstone, body)),
        Tombstone::Byline(body) => encode(Item::new(key, EntityType::BylineTombstone, body)),
    }
}
