//! Writes categories and counts their posts.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    error::Unique,
    taxonomy::{Category, CategoryStore, TreeVersion},
    values::{CategoryId, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

use super::{DynamoTaxonomyStore, PostCount, TreeRefusal, explain, tree};
use crate::{
    dynamo::{Consistency, KeyRange, RangeQuery},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, AuditSubject, PublicPartition, Table},
    posts::CleanupRecord,
    slugs::SlugRecord,
    unit_of_work::{Condition, UnitOfWork},
};

#[async_trait]
impl CategoryStore for DynamoTaxonomyStore {
    async fn category_counts(&self, now: Timestamp) -> Result<HashMap<CategoryId, u64>> {
        let (pk, ends) = keys::category_counts(now);
        let range = KeyRange::Between(ends);
        let limit = tree::MAX_ITEMS;
        let items = self.query(pk, range, limit, Consistency::Eventual).await?;
        let mut counts: HashMap<CategoryId, i64> = HashMap::new();
        for item in items {
            for (id, by) in counted(item)? {
                *counts.entry(id).or_default() += by;
            }
        }
        let counts = counts.into_iter();
        Ok(counts
            .map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()))
            .collect())
    }

    async fn write(
        &self,
        context: &WriteContext,
        version: TreeVersion,
        before: Option<&Category>,
        after: &Category,
        alias: Option<CategoryId>,
    ) -> Result<WriteOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Category(after.id));
        tree::increment_version(&mut change, version, 0)?;
        let item = Item::new(keys::category(after.id), EntityType::Category, after);
        change.put(Table::Taxonomy, encode(item)?)?;
        if before.is_none_or(|before| before.slug != after.slug) {
            let key = keys::category_slug(&after.slug);
            let record = SlugRecord::current(after.id.uuid());
            let claim = encode(Item::new(key, EntityType::CategorySlug, record))?;
            let taken = TreeRefusal::Taken(Unique::CategorySlug(after.slug.clone()));
            change.put_if(Table::Taxonomy, claim, is_free(alias), taken)?;
            if let Some(before) = before {
                change.remove(Table::Taxonomy, keys::category_slug(&before.slug))?;
            }
        }
        let outcome = change.commit().await;
        self.invalidate().await;
        outcome?.or_explain(explain)
    }

    async fn holds_posts(&self, lists: &[CategoryId]) -> Result<bool> {
        for list in lists {
            let first = RangeQuery {
                index: None,
                pk: PublicPartition::Category(*list).pk(),
                range: KeyRange::Below(keys::end_of_list()),
                limit: 1,
                consistency: Consistency::Strong,
            };
            if !self.dynamo.query(Table::Posts, first).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The condition that no category has the slug, except `alias`, which was merged.
fn is_free(alias: Option<CategoryId>) -> Condition {
    match alias {
        None => Condition::ABSENT,
        Some(id) => Condition::new(
            "attribute_not_exists(pk) OR id = :alias",
            [(":alias", AttributeValue::S(id.to_string()))],
        ),
    }
}

/// The counts in a counter or in a due cleanup.
fn counted(item: Attributes) -> Result<Vec<(CategoryId, i64)>> {
    if item.get("et") == Some(&EntityType::PendingCleanup.attribute()?) {
        let cleanup = decode::<Item<CleanupRecord>>(item)?.body;
        let counts = cleanup.counts.unwrap_or_default();
        return Ok(counts.categories.into_iter().collect());
    }
    let Item { sk, body, .. } = decode::<Item<PostCount>>(item)?;
    let id = keys::counted_category(&sk);
    Ok(id.map(|id| (id, body.posts)).into_iter().collect())
}
