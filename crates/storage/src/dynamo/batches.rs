//! Many items by their keys.

use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};
use tintero_domain::{Error, Result};

use super::{Consistency, Dynamo, attributes};
use crate::{
    backoff::pause,
    cost::{Direction, note},
    error::unavailable,
    item::Attributes,
    keys::{Key, Table},
};

/// The most items that one request reads by their keys.
const BATCH: usize = 100;

/// How often what a batch left unread is asked for.
const ATTEMPTS: u32 = 5;

impl Dynamo {
    /// Reads those of many items that are there, in no order. No key may stand twice.
    pub(crate) async fn get_many(
        &self,
        table: Table,
        keys: Vec<Key>,
        consistency: Consistency,
    ) -> Result<Vec<Attributes>> {
        let mut found = Vec::new();
        for keys in keys.chunks(BATCH) {
            let mut left: Vec<_> = keys.iter().cloned().map(attributes).collect();
            let mut attempt = 0;
            while !left.is_empty() {
                if attempt == ATTEMPTS {
                    let unread = format!("{} items stay unread, such as {:?}", left.len(), left[0]);
                    return Err(Error::Unavailable(unread.into()));
                }
                if attempt > 0 {
                    pause(attempt).await;
                }
                attempt += 1;
                left = self.get_batch(table, left, consistency, &mut found).await?;
            }
        }
        Ok(found)
    }

    /// Reads what it can of one batch, and returns the keys of the rest.
    async fn get_batch(
        &self,
        table: Table,
        keys: Vec<Attributes>,
        consistency: Consistency,
        found: &mut Vec<Attributes>,
    ) -> Result<Vec<Attributes>> {
        let name = self.table(table);
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(consistency == Consistency::Strong)
            .build()
            .map_err(|error| Error::Unavailable(Box::new(error)))?;
        let answer = self
            .client
            .batch_get_item()
            .request_items(&name, wanted)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity());
        let mut items = answer.responses.unwrap_or_default();
        found.extend(items.remove(&name).unwrap_or_default());
        let mut left = answer.unprocessed_keys.unwrap_or_default();
        Ok(left.remove(&name).map(|left| left.keys).unwrap_or_default())
    }
}
