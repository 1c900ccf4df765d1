//! Resolves the slugs of categories and bylines to ids. Slugs change rarely, and every list needs them.

use std::time::Duration;

use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tintero_domain::Result;
use uuid::Uuid;

use crate::{
    dynamo::{Consistency, Dynamo},
    item::Item,
    keys::{ItemKey, Table},
};

/// How long a cached slug may resolve to a previous id.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Maximum number of cached slugs.
const CAPACITY: u64 = 10_000;

/// The attributes of a claim on a slug.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SlugRecord {
    pub(crate) id: Uuid,
}

/// Caches the ids of slugs.
#[derive(Debug, Clone)]
pub(crate) struct SlugCache {
    dynamo: Dynamo,
    known: Cache<ItemKey, Uuid>,
}

impl SlugCache {
    pub(crate) fn new(dynamo: Dynamo) -> Self {
        let known = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_live(MAX_AGE)
            .build();
        Self { dynamo, known }
    }

    /// Returns the id of a claim, which can be five seconds old. A free slug is not cached.
    pub(crate) async fn id(&self, table: Table, claim: ItemKey) -> Result<Option<Uuid>> {
        if let Some(id) = self.known.get(&claim).await {
            return Ok(Some(id));
        }
        let item: Option<Item<SlugRecord>> = self
            .dynamo
            .get(table, claim.clone(), Consistency::Eventual)
            .await?;
        let Some(Item {
            body: SlugRecord { id },
            ..
        }) = item
        else {
            return Ok(None);
        };
        self.known.insert(claim, id).await;
        Ok(Some(id))
    }
}
