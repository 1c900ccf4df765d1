//! API keys: one partition, so that a read by id and the list need one request each.

mod record;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Error, Result,
    accounts::{ApiKeyStore, IssuedKey},
    error::Resource,
    values::ApiKeyId,
    writes::WriteContext,
};

use self::record::{ApiKeyRecord, expires_at};
use crate::{
    cache::recent,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// Stores API keys in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoApiKeyStore {
    dynamo: Dynamo,
    /// A server accepts a revoked key for as long as the cache holds it.
    known: Cache<ApiKeyId, IssuedKey>,
}

impl DynamoApiKeyStore {
    /// A store for the tables of `dynamo`.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        Self {
            dynamo,
            known: recent(),
        }
    }

    /// Reads with strong consistency, so that the cache does not start with a stale key.
    async fn read(&self, id: ApiKeyId) -> Result<Option<ApiKeyRecord>> {
        self.dynamo
            .find(Table::Tokens, keys::api_key(id), Consistency::Strong)
            .await
    }
}

#[async_trait]
impl ApiKeyStore for DynamoApiKeyStore {
    async fn insert_key(&self, context: &WriteContext, key: &IssuedKey) -> Result<()> {
        let subject = AuditSubject::User(Some(key.user_id));
        let mut change = UnitOfWork::<()>::new(&self.dynamo, context, subject);
        let record = ApiKeyRecord::from(key);
        let item = Item::new(keys::api_key(key.id), EntityType::ApiKey, record);
        change.put(Table::Tokens, encode(item)?)?;
        // Without conditions, the transaction cannot be refused.
        change.commit().await.map(drop)
    }

    async fn find_key(&self, id: ApiKeyId) -> Result<Option<IssuedKey>> {
        if let Some(key) = self.known.get(&id).await {
            return Ok(Some(key));
        }
        let Some(record) = self.read(id).await? else {
            return Ok(None);
        };
        let key = record.into_key(id);
        self.known.insert(id, key.clone()).await;
        Ok(Some(key))
    }

    async fn list_keys(&self) -> Result<Vec<IssuedKey>> {
        let (pk, all) = keys::api_keys();
        let query = RangeQuery::all(pk, KeyRange::Between(all));
        let items = self.dynamo.query(Table::Tokens, query).await?;
        items
            .into_iter()
            .map(|item| {
                let item: Item<ApiKeyRecord> = decode(item)?;
                let id = item.sk.parse().map_err(|error| Error::Corrupt {
                    what: format!("sort key {} of an API key", item.sk),
                    source: Box::<tintero_domain::values::ValueError>::new(error),
                })?;
                Ok(item.body.into_key(id))
            })
            .collect()
    }

    async fn revoke_key(&self, context: &WriteContext, id: ApiKeyId) -> Result<()> {
        let Some(record) = self.read(id).await? else {
            return Err(Error::NotFound(Resource::ApiKey));
        };
        let subject = AuditSubject::User(Some(record.user_id()));
        let mut change = UnitOfWork::new(&self.dynamo, context, subject);
        let is_valid = Condition::new(
            "attribute_exists(pk) AND attribute_not_exists(revoked_at)",
            [
                (":at", AttributeValue::S(context.at.to_string())),
                (
                    ":expiry",
                    AttributeValue::N(expires_at(context.at).to_string()),
                ),
            ],
        );
        change.update_if(
            Table::Tokens,
            keys::api_key(id),
            "SET revoked_at = :at, expires_at = :expiry",
            is_valid,
            (),
        )?;
        let outcome = change.commit().await?;
        self.known.invalidate(&id).await;
        match outcome {
            TransactionOutcome::Refused(failed) if failed.iter().all(|it| it.item.is_none()) => {
                Err(Error::NotFound(Resource::ApiKey))
            }
            // Refused although the key exists: it was revoked before.
            TransactionOutcome::Committed | TransactionOutcome::Refused(_) => Ok(()),
        }
    }
}
