//! Resolves the slugs of categories and bylines to ids. Slugs change rarely, and every list needs them.

use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tintero_domain::Result;
use uuid::Uuid;

use crate::{
    cache::recent,
    dynamo::{Consistency, Dynamo},
    keys::{ItemKey, Table},
};

/// The attributes of a claim on a slug.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SlugRecord {
    pub(crate) id: Uuid,
    /// Whether the slug was replaced. Another resource may take it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) former: bool,
}

impl SlugRecord {
    /// The claim on a current slug.
    pub(crate) fn current(id: Uuid) -> Self {
        let former = false;
        Self { id, former }
    }

    /// The claim on a former slug.
    pub(crate) fn former(id: Uuid) -> Self {
        let former = true;
        Self { id, former }
    }
}

/// Caches the ids of slugs.
#[derive(Debug, Clone)]
pub(crate) struct SlugCache {
    dynamo: Dynamo,
    known: Cache<ItemKey, Uuid>,
}

impl SlugCache {
    pub(crate) fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            known: recent(),
        }
    }

    /// Forgets a claim that this server has written.
    pub(crate) async fn forget(&self, claim: &ItemKey) {
        self.known.invalidate(claim).await;
    }

    /// Returns the id of a claim, which can be five seconds old. A free slug is not cached.
    pub(crate) async fn id(&self, table: Table, claim: ItemKey) -> Result<Option<Uuid>> {
        if let Some(id) = self.known.get(&claim).await {
            return Ok(Some(id));
        }
        let found = self
            .dynamo
            .find(table, claim.clone(), Consistency::Eventual);
        let Some(SlugRecord { id, .. }) = found.await? else {
            return Ok(None);
        };
        self.known.insert(claim, id).await;
        Ok(Some(id))
    }
}
