//! API keys in DynamoDB: one partition, so that a read by id and the list are one request each.

mod record;

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use moka::future::Cache;
use tintero_domain::{
    Error, Result,
    accounts::{ApiKeyStore, IssuedKey},
    act::Act,
    error::Resource,
    values::ApiKeyId,
};

use self::record::{KeyRecord, swept_at};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

/// How long a server that knew a key may not notice that it was revoked.
const KEY_CACHE: Duration = Duration::from_secs(5);

/// Keys that a server remembers at most.
const KEY_CACHE_SIZE: u64 = 10_000;

/// Keeps API keys in DynamoDB.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    dynamo: Dynamo,
    known: Cache<ApiKeyId, IssuedKey>,
}

impl ApiKeys {
    /// The store over an installation's tables.
    #[must_use]
    pub fn new(dynamo: Dynamo) -> Self {
        let known = Cache::builder()
            .max_capacity(KEY_CACHE_SIZE)
            .time_to_live(KEY_CACHE)
            .build();
        Self { dynamo, known }
    }

    /// The key as it is now: what is remembered of it must not begin with an old state.
    async fn read(&self, id: ApiKeyId) -> Result<Option<KeyRecord>> {
        let item: Option<Item<KeyRecord>> = self
            .dynamo
            .get(Table::Tokens, keys::api_key(id), Consistency::Strong)
            .await?;
        Ok(item.map(|item| item.body))
    }
}

#[async_trait]
impl ApiKeyStore for ApiKeys {
    async fn insert_key(&self, act: &Act, key: &IssuedKey) -> Result<()> {
        let subject = Subject::User(Some(key.user_id));
        let mut change = UnitOfWork::<()>::new(&self.dynamo, act, subject);
        let record = KeyRecord::from(key);
        let item = Item::new(keys::api_key(key.id), EntityType::ApiKey, record);
        change.put(Table::Tokens, encode(item)?)?;
        // Nothing here has a condition, so there is nothing to refuse.
        change.commit(None).await.map(drop)
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
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Between(all),
            limit: usize::MAX,
            consistency: Consistency::Strong,
        };
        let items = self.dynamo.query(Table::Tokens, stretch).await?;
        items
            .into_iter()
            .map(|item| {
                let item: Item<KeyRecord> = decode(item)?;
                let id = item.sk.parse().map_err(|error| Error::Corrupt {
                    what: format!("place {} of an API key", item.sk),
                    source: Box::<tintero_domain::values::ValueError>::new(error),
                })?;
                Ok(item.body.into_key(id))
            })
            .collect()
    }

    async fn revoke_key(&self, act: &Act, id: ApiKeyId) -> Result<()> {
        let Some(record) = self.read(id).await? else {
            return Err(Error::NotFound(Resource::ApiKey));
        };
        let subject = Subject::User(Some(record.user_id()));
        let mut change = UnitOfWork::new(&self.dynamo, act, subject);
        let works = Condition::new(
            "attribute_exists(pk) AND attribute_not_exists(revoked_at)",
            [
                (":at", AttributeValue::S(act.at.to_string())),
                (":swept", AttributeValue::N(swept_at(act.at).to_string())),
            ],
        );
        change.update_if(
            Table::Tokens,
            keys::api_key(id),
            "SET revoked_at = :at, expires_at = :swept",
            works,
            (),
        )?;
        let outcome = change.commit(None).await?;
        self.known.invalidate(&id).await;
        match outcome {
            Outcome::Refused(refused) if refused.iter().all(|change| change.item.is_none()) => {
                Err(Error::NotFound(Resource::ApiKey))
            }
            // Refused, and the key is there: it was revoked before.
            Outcome::Done | Outcome::KeyReused | Outcome::Refused(_) => Ok(()),
        }
    }
}
