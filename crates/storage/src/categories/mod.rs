//! Categories in DynamoDB: the tree in one partition, so that one request reads it whole, and the
//! counters apart, so that publishing never touches the tree.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    Error, Result,
    act::Act,
    categories::{Category, CategoryStore, Tree},
    error::Unique,
    freshness::Freshness,
    posts::Commit,
    values::{CategoryId, Timestamp},
};

use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    posts::TraceRecord,
    slugs::SlugRecord,
    unit_of_work::{Condition, Outcome, Refused, UnitOfWork},
};

/// How long a server may go on with the tree that it knows.
const AGE: Duration = Duration::from_secs(5);

/// Far more than the categories of a tree and the traces that nobody has cleared away yet.
const MOST: usize = 100_000;

/// Keeps categories in DynamoDB.
#[derive(Debug, Clone)]
pub struct Categories {
    dynamo: Dynamo,
    recent: Cache<(), Arc<Tree>>,
}

/// Counts changes of the tree.
#[derive(Debug, Serialize, Deserialize)]
struct TreeVersion {
    tree: u64,
}

/// How many published posts are filed under a category.
#[derive(Debug, Deserialize)]
struct Count {
    posts: i64,
}

/// What refused a change of the tree.
enum Refusal {
    /// The tree changed meanwhile.
    Stale,
    /// The slug belongs to another category.
    Taken(Unique),
}

impl Categories {
    /// The store over an installation's tables.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            recent: Cache::builder().max_capacity(1).time_to_live(AGE).build(),
        }
    }

    /// Everything in a stretch of one partition.
    async fn all(
        &self,
        pk: String,
        range: Range,
        consistency: Consistency,
    ) -> Result<Vec<Attributes>> {
        let stretch = Stretch {
            index: None,
            pk,
            range,
            limit: MOST,
            consistency,
        };
        self.dynamo.query(Table::Taxonomy, stretch).await
    }

    async fn read(&self) -> Result<Tree> {
        let mut tree = Tree::default();
        let range = Range::Below(keys::end_of_references());
        for item in self.all(keys::tree(), range, Consistency::Strong).await? {
            if item.get("sk") == Some(&AttributeValue::S(keys::tree_version().sk)) {
                tree.version = decode::<Item<TreeVersion>>(item)?.body.tree;
            } else {
                tree.categories.push(decode::<Item<Category>>(item)?.body);
            }
        }
        Ok(tree)
    }
}

#[async_trait]
impl CategoryStore for Categories {
    async fn tree(&self, freshness: Freshness) -> Result<Tree> {
        if freshness == Freshness::Recent
            && let Some(tree) = self.recent.get(&()).await
        {
            return Ok(Tree::clone(&tree));
        }
        let tree = self.read().await?;
        self.recent.insert((), Arc::new(tree.clone())).await;
        Ok(tree)
    }

    async fn counts(&self, now: Timestamp) -> Result<HashMap<CategoryId, u64>> {
        let (pk, ends) = keys::category_counts(now);
        let range = Range::Between(ends);
        let items = self.all(pk, range, Consistency::Eventual).await?;
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
        act: &Act,
        seen: u64,
        before: Option<&Category>,
        after: &Category,
    ) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Category(after.id));
        let at_seen = Condition::new(
            "attribute_not_exists(pk) OR tree = :seen",
            [(":seen", AttributeValue::N(seen.to_string()))],
        );
        let version = Item::new(
            keys::tree_version(),
            EntityType::TreeVersion,
            TreeVersion { tree: seen + 1 },
        );
        change.put_if(Table::Taxonomy, encode(version)?, at_seen, Refusal::Stale)?;
        let node = Item::new(keys::category(after.id), EntityType::Category, after);
        change.put(Table::Taxonomy, encode(node)?)?;
        if before.is_none_or(|before| before.slug != after.slug) {
            let record = SlugRecord {
                id: after.id.uuid(),
            };
            let claim = Item::new(
                keys::category_slug(&after.slug),
                EntityType::CategorySlug,
                record,
            );
            let taken = Refusal::Taken(Unique::CategorySlug(after.slug.clone()));
            change.insert(Table::Taxonomy, encode(claim)?, taken)?;
            if let Some(before) = before {
                change.remove(Table::Taxonomy, keys::category_slug(&before.slug))?;
            }
        }
        let outcome = change.commit(None).await?;
        self.recent.invalidate(&()).await;
        settle(outcome)
    }
}

/// What a counter, or a trace whose time has come, adds to the counts of categories.
fn counted(item: Attributes) -> Result<Vec<(CategoryId, i64)>> {
    if item.get("et") == Some(&EntityType::Trace.attribute()?) {
        let trace = decode::<Item<TraceRecord>>(item)?.body;
        let counts = trace.counts.unwrap_or_default();
        return Ok(counts.categories.into_iter().collect());
    }
    let Item { sk, body, .. } = decode::<Item<Count>>(item)?;
    let Count { posts } = body;
    Ok(keys::counted_category(&sk)
        .map(|id| (id, posts))
        .into_iter()
        .collect())
}

fn settle(outcome: Outcome<Refusal>) -> Result<Commit> {
    let refused = match outcome {
        Outcome::Done => return Ok(Commit::Done),
        Outcome::KeyReused => return Err(Error::KeyReused),
        Outcome::Refused(refused) => refused,
    };
    // Whoever saw an old tree looks again first: the slug may be free by then.
    let stale = refused
        .iter()
        .any(|Refused { refusal, .. }| matches!(refusal, Refusal::Stale));
    let taken = refused
        .into_iter()
        .find_map(|Refused { refusal, .. }| match refusal {
            Refusal::Taken(unique) => Some(unique),
            Refusal::Stale => None,
        });
    match taken {
        Some(unique) if !stale => Err(Error::Taken {
            unique,
            holder: None,
        }),
        _ => Ok(Commit::Stale),
    }
}
