//! Categories and tags in DynamoDB. One partition has the tree with all tombstones, so that one
//! query reads it. The counters are in other partitions, so that publishing a post never writes to
//! the tree.

mod categories;
mod retirement;
mod tag_counts;
mod tags;
mod tree;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use moka::future::Cache;
use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    error::{BylineUse, CategoryUse, Unique},
    freshness::Freshness,
    operations::Operation,
    posts::ListKey,
    taxonomy::{RetirementWrite, TaxonomyStore, Tombstone, Tree, TreeVersion},
    values::{BylineId, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

pub(crate) use self::tree::no_retirement_since;
use crate::{
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::Attributes,
    keys::{self, Table},
    unit_of_work::FailedCondition,
};

/// Time for which a server uses its cached tree.
const CACHE_TTL: Duration = Duration::from_secs(5);

/// Stores categories and tags in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoTaxonomyStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
    cache: Cache<(), Arc<Tree>>,
    /// Number of writes by this server. A read that overlaps with one must not fill the cache.
    writes: Arc<AtomicU64>,
}

/// The value of a post counter.
#[derive(Debug, Deserialize)]
struct PostCount {
    posts: i64,
}

/// The meaning of a failed condition.
enum TreeRefusal {
    Conflict,
    Taken(Unique),
    InUse(CategoryUse),
    BylineInUse(BylineUse),
}

impl DynamoTaxonomyStore {
    /// Creates a store on the tables of `dynamo`. `cursors` signs the cursors of the list of tags.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        let cache = Cache::builder().max_capacity(1).time_to_live(CACHE_TTL);
        Self {
            dynamo,
            cursors,
            cache: cache.build(),
            writes: Arc::default(),
        }
    }

    async fn query(
        &self,
        pk: String,
        range: KeyRange,
        limit: usize,
        consistency: Consistency,
    ) -> Result<Vec<Attributes>> {
        let query = RangeQuery {
            index: None,
            pk,
            range,
            limit,
            consistency,
        };
        self.dynamo.query(Table::Taxonomy, query).await
    }

    /// Removes the cached tree after a write.
    pub(crate) async fn invalidate(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.cache.invalidate(&()).await;
    }

    /// Returns the tree without copying it.
    pub(crate) async fn shared_tree(&self, freshness: Freshness) -> Result<Arc<Tree>> {
        if freshness == Freshness::Recent
            && let Some(tree) = self.cache.get(&()).await
        {
            return Ok(tree);
        }
        let writes = self.writes.load(Ordering::SeqCst);
        let range = KeyRange::Below(keys::end_of_references());
        let limit = tree::MAX_ITEMS;
        let items = self.query(keys::tree(), range, limit, Consistency::Strong);
        let tree = Arc::new(tree::parse(items.await?)?);
        self.cache.insert((), Arc::clone(&tree)).await;
        if self.writes.load(Ordering::SeqCst) != writes {
            self.cache.invalidate(&()).await;
        }
        Ok(tree)
    }
}

#[async_trait]
impl TaxonomyStore for DynamoTaxonomyStore {
    async fn tree(&self, freshness: Freshness) -> Result<Tree> {
        self.shared_tree(freshness).await.map(Arc::unwrap_or_clone)
    }

    async fn retire(
        &self,
        context: &WriteContext,
        version: TreeVersion,
        retirement: &RetirementWrite,
        operation: Option<&Operation>,
    ) -> Result<WriteOutcome> {
        let outcome =
            retirement::retire(&self.dynamo, context, version, retirement, operation).await;
        self.invalidate().await;
        outcome
    }

    async fn resume(
        &self,
        context: &WriteContext,
        before: &Tombstone,
        operation: &Operation,
    ) -> Result<WriteOutcome> {
        let outcome = retirement::resume(&self.dynamo, context, before, operation).await;
        self.invalidate().await;
        outcome
    }

    async fn byline_count(&self, id: BylineId, now: Timestamp) -> Result<u64> {
        self.count_of_byline(id, now).await
    }

    async fn mark_drained(&self, context: &WriteContext, list: &ListKey) -> Result<()> {
        let marked = retirement::mark_drained(&self.dynamo, context, list).await;
        self.invalidate().await;
        marked
    }
}

/// Converts failed conditions. A conflict takes precedence, because other conditions may fail only
/// due to the old tree. The use case then reads the tree again.
fn explain(failed: Vec<FailedCondition<TreeRefusal>>) -> Result<WriteOutcome> {
    let is_conflict = failed
        .iter()
        .any(|failed| matches!(failed.refusal, TreeRefusal::Conflict));
    let error = failed.into_iter().find_map(|failed| match failed.refusal {
        TreeRefusal::Taken(unique) => Some(Error::Taken {
            unique,
            holder: None,
        }),
        TreeRefusal::InUse(used) => Some(Error::CategoryInUse(used)),
        TreeRefusal::BylineInUse(used) => Some(Error::BylineInUse(used)),
        TreeRefusal::Conflict => None,
    });
    match error {
        Some(error) if !is_conflict => Err(error),
        _ => Ok(WriteOutcome::Conflict),
    }
}
