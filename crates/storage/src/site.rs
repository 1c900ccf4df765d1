//! The settings of the site: one item.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Result,
    freshness::Freshness,
    site::{SiteSettings, SiteStore},
    values::Version,
    writes::{WriteContext, WriteOutcome},
};

use crate::{
    cache,
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Stores the settings of the site in DynamoDB, with a cache of five seconds.
#[derive(Debug, Clone)]
pub struct DynamoSiteStore {
    dynamo: Dynamo,
    recent: Cache<(), Option<Arc<SiteSettings>>>,
}

impl DynamoSiteStore {
    /// Creates a store. Its clones share the cache.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            recent: cache::recent(),
        }
    }
}

#[async_trait]
impl SiteStore for DynamoSiteStore {
    async fn find(&self, freshness: Freshness) -> Result<Option<Arc<SiteSettings>>> {
        if freshness == Freshness::Recent
            && let Some(known) = self.recent.get(&()).await
        {
            return Ok(known);
        }
        let key = keys::site_settings();
        let consistency = Consistency::from(freshness);
        let found = self.dynamo.find(Table::Site, key, consistency).await?;
        let found: Option<Arc<SiteSettings>> = found.map(Arc::new);
        self.recent.insert((), found.clone()).await;
        Ok(found)
    }

    async fn write(
        &self,
        context: &WriteContext,
        before: Version,
        after: &SiteSettings,
    ) -> Result<WriteOutcome> {
        let mut change = UnitOfWork::new(&self.dynamo, context, AuditSubject::Site);
        let key = keys::site_settings();
        let item = encode(Item::new(key, EntityType::SiteSettings, after))?;
        if before == Version::FIRST {
            change.insert(Table::Site, item, ())?;
        } else {
            let version = AttributeValue::N(before.to_string());
            let unchanged = Condition::new("version = :version", [(":version", version)]);
            change.put_if(Table::Site, item, unchanged, ())?;
        }
        let outcome = change.commit_or_conflict().await;
        self.recent.invalidate(&()).await;
        outcome
    }
}
