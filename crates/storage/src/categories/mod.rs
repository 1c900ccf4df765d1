//! Categories in DynamoDB: the tree in one partition with what is left of tags, so that one request
//! reads it whole, and the counters apart, so that publishing never touches the tree.

mod retire;
mod tree;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    act::Act,
    categories::{Category, CategoryStore, Retired, Seen, Tree},
    error::{CategoryUse, Unique},
    freshness::Freshness,
    operations::Operation,
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

pub(crate) use self::tree::{TreeVersion, nothing_retired_since};

/// How long a server may go on with the tree that it knows.
const AGE: Duration = Duration::from_secs(5);

/// Far more than the categories of a tree and the traces that nobody has cleared away yet.
const MOST: usize = 100_000;

/// Keeps categories in DynamoDB.
#[derive(Debug, Clone)]
pub struct Categories {
    dynamo: Dynamo,
    recent: Cache<(), Arc<Tree>>,
    /// Counts the changes that were made here, each of which makes what is known old.
    changes: Arc<AtomicU64>,
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
    /// Something depends on it.
    InUse(CategoryUse),
}

impl Categories {
    /// The store over an installation's tables.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            recent: Cache::builder().max_capacity(1).time_to_live(AGE).build(),
            changes: Arc::default(),
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

    /// Lets the next reader see what was just written.
    pub(crate) async fn forget(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.recent.invalidate(&()).await;
    }

    /// The tree, which nobody can change.
    pub(crate) async fn shared(&self, freshness: Freshness) -> Result<Arc<Tree>> {
        if freshness == Freshness::Recent
            && let Some(tree) = self.recent.get(&()).await
        {
            return Ok(tree);
        }
        let changes = self.changes.load(Ordering::SeqCst);
        let tree = Arc::new(self.read().await?);
        self.recent.insert((), Arc::clone(&tree)).await;
        if self.changes.load(Ordering::SeqCst) != changes {
            // It may be from before a change of our own.
            self.recent.invalidate(&()).await;
        }
        Ok(tree)
    }

    async fn read(&self) -> Result<Tree> {
        let range = Range::Below(keys::end_of_references());
        let items = self.all(keys::tree(), range, Consistency::Strong);
        tree::tree_of(items.await?)
    }
}

#[async_trait]
impl CategoryStore for Categories {
    async fn tree(&self, freshness: Freshness) -> Result<Tree> {
        self.shared(freshness).await.map(Arc::unwrap_or_clone)
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
        seen: Seen,
        before: Option<&Category>,
        after: &Category,
        alias: Option<CategoryId>,
    ) -> Result<Commit> {
        let mut change = UnitOfWork::new(&self.dynamo, act, Subject::Category(after.id));
        TreeVersion::count_change(&mut change, seen, Refusal::Stale)?;
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
            change.put_if(Table::Taxonomy, encode(claim)?, free_for(alias), taken)?;
            if let Some(before) = before {
                change.remove(Table::Taxonomy, keys::category_slug(&before.slug))?;
            }
        }
        let outcome = change.commit(None).await;
        self.forget().await;
        settle(outcome?)
    }

    async fn holds_posts(&self, lists: &[CategoryId]) -> Result<bool> {
        retire::holds_posts(&self.dynamo, lists).await
    }

    async fn retire(
        &self,
        act: &Act,
        seen: Seen,
        before: &Category,
        after: &Retired,
        operation: Option<&Operation>,
    ) -> Result<Commit> {
        let commit = retire::retire(&self.dynamo, act, seen, (before, after), operation).await;
        self.forget().await;
        commit
    }

    async fn take_up(
        &self,
        act: &Act,
        before: &Retired,
        after: &Retired,
        operation: &Operation,
    ) -> Result<Commit> {
        let commit = retire::take_up(&self.dynamo, act, before, after, operation).await;
        self.forget().await;
        commit
    }

    async fn drained(&self, act: &Act, id: CategoryId) -> Result<()> {
        let done = retire::drained(&self.dynamo, act, id).await;
        self.forget().await;
        done
    }
}

/// The slug is nobody's, or leads to what went as long as nobody takes it.
fn free_for(alias: Option<CategoryId>) -> Condition {
    match alias {
        None => Condition::ABSENT,
        Some(id) => Condition::new(
            "attribute_not_exists(pk) OR id = :alias",
            [(":alias", AttributeValue::S(id.to_string()))],
        ),
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
    let reason = refused
        .into_iter()
        .find_map(|Refused { refusal, .. }| match refusal {
            Refusal::Taken(unique) => Some(Error::Taken {
                unique,
                holder: None,
            }),
            Refusal::InUse(used) => Some(Error::CategoryInUse(used)),
            Refusal::Stale => None,
        });
    match reason {
        Some(reason) if !stale => Err(reason),
        _ => Ok(Commit::Stale),
    }
}
