//! Many items at once.

use aws_sdk_dynamodb::types::{
    DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity, WriteRequest,
};
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

/// The most items that one request writes.
const WRITTEN: usize = 25;

/// How often what a batch left undone is asked for.
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

    /// Writes notes, whatever was there: what costs a look when it is wrong and nothing else goes
    /// without transaction and without record. No key may stand twice.
    pub(crate) async fn put_notes(&self, table: Table, items: Vec<Attributes>) -> Result<()> {
        let requests = items.into_iter().map(put).collect::<Result<_>>()?;
        self.write_many(table, requests).await
    }

    /// Removes items that nothing refers to any more. No key may stand twice.
    pub(crate) async fn remove_many(&self, table: Table, keys: Vec<Key>) -> Result<()> {
        let requests = keys.into_iter().map(removal).collect::<Result<_>>()?;
        self.write_many(table, requests).await
    }

    async fn write_many(&self, table: Table, requests: Vec<WriteRequest>) -> Result<()> {
        for requests in requests.chunks(WRITTEN) {
            let mut left = requests.to_vec();
            let mut attempt = 0;
            while !left.is_empty() {
                if attempt == ATTEMPTS {
                    let unwritten = format!("{} items stay unwritten", left.len());
                    return Err(Error::Unavailable(unwritten.into()));
                }
                if attempt > 0 {
                    pause(attempt).await;
                }
                attempt += 1;
                left = self.write_batch(table, left).await?;
            }
        }
        Ok(())
    }

    /// Writes what it can of one batch, and returns the rest.
    async fn write_batch(
        &self,
        table: Table,
        items: Vec<WriteRequest>,
    ) -> Result<Vec<WriteRequest>> {
        let name = self.table(table);
        let answer = self
            .client
            .batch_write_item()
            .request_items(&name, items)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity());
        let mut left = answer.unprocessed_items.unwrap_or_default();
        Ok(left.remove(&name).unwrap_or_default())
    }
}

fn put(item: Attributes) -> Result<WriteRequest> {
    let put = PutRequest::builder().set_item(Some(item)).build();
    let put = put.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

fn removal(key: Key) -> Result<WriteRequest> {
    let delete = DeleteRequest::builder()
        .set_key(Some(attributes(key)))
        .build();
    let delete = delete.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}
