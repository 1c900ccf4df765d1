//! Slugs of what posts refer to, as ids. They change rarely and are asked for with every list.

use std::time::Duration;

use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tintero_domain::Result;
use uuid::Uuid;

use crate::{
    dynamo::{Consistency, Dynamo},
    item::Item,
    keys::{Key, Table},
};

/// How long a slug may still lead where it led before.
const AGE: Duration = Duration::from_secs(5);

/// Slugs that a server remembers at most.
const SIZE: u64 = 10_000;

/// What a claim on a slug says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SlugRecord {
    pub(crate) id: Uuid,
}

/// Remembers where slugs lead.
#[derive(Debug, Clone)]
pub(crate) struct Slugs {
    dynamo: Dynamo,
    known: Cache<Key, Uuid>,
}

impl Slugs {
    pub(crate) fn new(dynamo: Dynamo) -> Self {
        let known = Cache::builder()
            .max_capacity(SIZE)
            .time_to_live(AGE)
            .build();
        Self { dynamo, known }
    }

    /// The id under a claim, as of at most five seconds ago. That nobody holds it is never remembered.
    pub(crate) async fn id(&self, table: Table, claim: Key) -> Result<Option<Uuid>> {
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
