//! Batches of items.

use aws_sdk_dynamodb::{
    operation::{batch_get_item::BatchGetItemInput, batch_write_item::BatchWriteItemInput},
    types::{DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity, WriteRequest},
};
use serde::de::DeserializeOwned;
use tintero_domain::{Error, Result};

use super::{Consistency, Dynamo, attributes};
use crate::{
    backoff::pause,
    cost::{Direction, note},
    error::unavailable,
    item::{Attributes, decode_body},
    keys::{ItemKey, Table},
};

/// Maximum number of items in a batch read.
const MAX_READ: usize = 100;

/// Maximum number of items in a batch write.
const MAX_WRITTEN: usize = 25;

/// Maximum number of requests for the unprocessed part of a batch.
const ATTEMPTS: u32 = 5;

impl Dynamo {
    /// Returns the existing items with these keys in any order. Keys must be unique.
    pub(crate) async fn get_many(
        &self,
        table: Table,
        keys: Vec<ItemKey>,
        consistency: Consistency,
    ) -> Result<Vec<Attributes>> {
        let mut found = Vec::new();
        for keys in keys.chunks(MAX_READ) {
            let mut left: Vec<_> = keys.iter().cloned().map(attributes).collect();
            for attempt in 0.. {
                left = self.get_batch(table, left, consistency, &mut found).await?;
                if is_complete(attempt, &left).await? {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Returns the bodies of the existing items with these keys in any order. Keys must be unique.
    pub(crate) async fn find_many<T: DeserializeOwned>(
        &self,
        table: Table,
        keys: Vec<ItemKey>,
        consistency: Consistency,
    ) -> Result<Vec<T>> {
        let items = self.get_many(table, keys, consistency).await?;
        items.into_iter().map(decode_body).collect()
    }

    /// Reads one batch into `found` and returns the unprocessed keys.
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
        let request = BatchGetItemInput::builder()
            .request_items(&name, wanted)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity());
        let mut items = answer.responses.unwrap_or_default();
        found.extend(items.remove(&name).unwrap_or_default());
        let mut left = answer.unprocessed_keys.unwrap_or_default();
        Ok(left.remove(&name).map(|left| left.keys).unwrap_or_default())
    }

    /// Overwrites items without a transaction and an audit record. Only for items that merely cost
    /// an additional read if they are wrong. Keys must be unique.
    pub(crate) async fn put_many(&self, table: Table, items: Vec<Attributes>) -> Result<()> {
        let requests = items.into_iter().map(put).collect::<Result<_>>()?;
        self.write_many(table, requests).await
    }

    /// Deletes items without references. Keys must be unique.
    pub(crate) async fn remove_many(&self, table: Table, keys: Vec<ItemKey>) -> Result<()> {
        let requests = keys.into_iter().map(removal).collect::<Result<_>>()?;
        self.write_many(table, requests).await
    }

    async fn write_many(&self, table: Table, requests: Vec<WriteRequest>) -> Result<()> {
        for requests in requests.chunks(MAX_WRITTEN) {
            let mut left = requests.to_vec();
            for attempt in 0.. {
                left = self.write_batch(table, left).await?;
                if is_complete(attempt, &left).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Writes one batch and returns the unprocessed part.
    async fn write_batch(
        &self,
        table: Table,
        items: Vec<WriteRequest>,
    ) -> Result<Vec<WriteRequest>> {
        let name = self.table(table);
        let request = BatchWriteItemInput::builder()
            .request_items(&name, items)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity());
        let mut left = answer.unprocessed_items.unwrap_or_default();
        Ok(left.remove(&name).unwrap_or_default())
    }
}

/// Whether nothing is left; otherwise waits before the next attempt, or fails after the last.
async fn is_complete<T>(attempt: u32, left: &[T]) -> Result<bool> {
    if left.is_empty() {
        return Ok(true);
    }
    if attempt + 1 == ATTEMPTS {
        // Items can contain texts of posts, which must not get into logs.
        let message = format!("{} items stay unprocessed", left.len());
        return Err(Error::Unavailable(message.into()));
    }
    pause(attempt).await;
    Ok(false)
}

fn put(item: Attributes) -> Result<WriteRequest> {
    let put = PutRequest::builder().set_item(Some(item)).build();
    let put = put.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

fn removal(key: ItemKey) -> Result<WriteRequest> {
    let delete = DeleteRequest::builder()
        .set_key(Some(attributes(key)))
        .build();
    let delete = delete.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}
