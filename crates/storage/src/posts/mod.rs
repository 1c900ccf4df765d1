//! Posts in DynamoDB: stored items, writes, lists, and history.

mod history;
mod items;
mod lists;
mod writing;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use moka::future::Cache;
use tintero_domain::values::Timestamp;

pub(crate) use self::{
    history::RevisionRecord,
    items::{ClaimRecord, HolderRecord, PublicRow, copies, find_post, find_posts},
    writing::{
        CleanupRecord, CounterChanges, as_found, held_names, is_awaiting_cleanup, planned,
        release_reserved_names, rewrite, rows, translation,
    },
};
use crate::{cursor::CursorKeys, dynamo::Dynamo, slugs::SlugCache, taxonomy::DynamoTaxonomyStore};

/// Time for which the time of the next scheduled change is cached.
const NEXT_CHANGE_CACHE: Duration = Duration::from_secs(5);

/// Stores posts in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoPostStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
    slugs: SlugCache,
    taxonomy: DynamoTaxonomyStore,
    /// The time of the next scheduled change.
    next_change: Cache<(), Option<Timestamp>>,
    /// The time from which all changes are recorded. Never changes.
    changes_start: Arc<OnceLock<Timestamp>>,
}

impl DynamoPostStore {
    /// A store for the tables of `dynamo`. `cursors` signs the cursors of lists, and `taxonomy`
    /// reads the tree of categories.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys, taxonomy: DynamoTaxonomyStore) -> Self {
        let next_change = Cache::builder().max_capacity(1);
        Self {
            taxonomy,
            slugs: SlugCache::new(dynamo.clone()),
            next_change: next_change.time_to_live(NEXT_CHANGE_CACHE).build(),
            changes_start: Arc::default(),
            dynamo,
            cursors,
        }
    }
}
