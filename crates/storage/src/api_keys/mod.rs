//! API keys: one partition, so that a read by id and the list need one request each.

mod record;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Error, Result,
    accounts::{ApiKeyStore, IssuedKey, USE_INTERVAL},
    error::Resource,
    page::{Page, PageRequest},
    values::{ApiKeyId, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

use self::record::{ApiKeyRecord, expires_at};
use crate::{
    cache::recent,
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, AuditSubject, Table},
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// Rows that a page of one user's keys reads.
const FILTERED_ROWS: usize = 128;

/// Stores API keys in DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoApiKeyStore {
    dynamo: Dynamo,
    cursors: CursorKeys,
    /// A server accepts a revoked key for as long as the cache holds it.
    known: Cache<ApiKeyId, IssuedKey>,
}

impl DynamoApiKeyStore {
    /// A store for the tables of `dynamo` that signs the cursors of its list with `cursors`.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self {
            dynamo,
            cursors,
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
        items.into_iter().map(listed_key).collect()
    }

    async fn list(
        &self,
        owner: Option<UserId>,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<IssuedKey>> {
        let name = keys::query("api_keys", &format!("{owner:?}"));
        let cursor = page.cursor.as_ref();
        let cursor = cursor.map(|cursor| self.cursors.open(&name, cursor, now));
        let (pk, [_, end]) = keys::api_keys();
        let limit = page.limit.get();
        let below = KeyRange::Below(cursor.transpose()?.unwrap_or(end));
        let rows = if owner.is_some() {
            FILTERED_ROWS
        } else {
            limit
        };
        let query = RangeQuery {
            consistency: Consistency::Eventual,
            ..RangeQuery::first(pk, below, rows + 1)
        };
        let found = self.dynamo.query(Table::Tokens, query).await?;
        let more = found.len() > rows;
        let found: Vec<_> = found.into_iter().map(listed_key).collect::<Result<_>>()?;
        let last_read = found.last().filter(|_| more).map(|key| key.id);
        let mut items = found;
        items
            .retain(|key| owner.is_none_or(|owner| key.user_id == owner) && !key.is_forgotten(now));
        let last = match items.get(limit) {
            Some(_) => items.get(limit - 1).map(|key| key.id),
            None => last_read,
        };
        items.truncate(limit);
        let next = last.map(|id| self.cursors.seal(&name, &id.to_string(), now));
        Ok(Page { items, next })
    }

    async fn find_current(&self, id: ApiKeyId) -> Result<Option<IssuedKey>> {
        Ok(self.read(id).await?.map(|record| record.into_key(id)))
    }

    async fn rotate(
        &self,
        context: &WriteContext,
        replaced: &IssuedKey,
        new: &IssuedKey,
    ) -> Result<WriteOutcome> {
        let subject = AuditSubject::User(Some(new.user_id));
        let mut change = UnitOfWork::new(&self.dynamo, context, subject);
        let record = ApiKeyRecord::from(new);
        let item = Item::new(keys::api_key(new.id), EntityType::ApiKey, record);
        change.put(Table::Tokens, encode(item)?)?;
        let end = replaced.valid_until.unwrap_or(context.at);
        let is_valid = Condition::new(
            "attribute_exists(pk) AND attribute_not_exists(revoked_at)",
            [
                (":until", AttributeValue::S(end.to_string())),
                (":expiry", AttributeValue::N(expires_at(end).to_string())),
            ],
        );
        change.update_if(
            Table::Tokens,
            keys::api_key(replaced.id),
            "SET valid_until = :until, expires_at = :expiry",
            is_valid,
            (),
        )?;
        let outcome = change.commit_or_conflict().await;
        self.known.invalidate(&replaced.id).await;
        outcome
    }

    async fn record_use(&self, key: &IssuedKey, now: Timestamp) -> Result<()> {
        let latest = AttributeValue::S(now.before(USE_INTERVAL).to_string());
        let written = self.dynamo.update_if(
            Table::Tokens,
            keys::api_key(key.id),
            (
                "SET last_used_at = :now",
                "attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at <= :latest)",
            ),
            [
                (":now", AttributeValue::S(now.to_string())),
                (":latest", latest),
            ],
        );
        written.await?;
        let used = IssuedKey {
            last_used_at: Some(now),
            ..key.clone()
        };
        self.known.insert(key.id, used).await;
        Ok(())
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

/// Decodes a key of the partition of all keys.
fn listed_key(item: Attributes) -> Result<IssuedKey> {
    let item: Item<ApiKeyRecord> = decode(item)?;
    let id = item.sk.parse().map_err(|error| Error::Corrupt {
        what: format!("sort key {} of an API key", item.sk),
        source: Box::<tintero_domain::values::ValueError>::new(error),
    })?;
    Ok(item.body.into_key(id))
}
