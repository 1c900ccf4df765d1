//! DynamoDB in the few words that the stores need; each call notes what it cost.

mod batches;
mod examination;
mod sendings;

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, TransactWriteItem},
};
use serde::de::DeserializeOwned;
use tintero_domain::{Result, freshness::Freshness};
use uuid::Uuid;

use crate::{
    cost::{Direction, note},
    error::unavailable,
    item::{Attributes, decode},
    keys::{Key, Table},
};

pub(crate) use sendings::Sendings;

/// A client and the prefix of this installation's tables.
#[derive(Debug, Clone)]
pub struct Dynamo {
    client: Client,
    prefix: String,
}

/// Whether a read must see every write that was acknowledged before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consistency {
    Strong,
    Eventual,
}

impl From<Freshness> for Consistency {
    fn from(freshness: Freshness) -> Self {
        match freshness {
            Freshness::Now => Self::Strong,
            Freshness::Recent => Self::Eventual,
        }
    }
}

/// A stretch of one partition, read backwards unless its range says otherwise.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
    pub(crate) range: Range,
    pub(crate) limit: usize,
    pub(crate) consistency: Consistency,
}

/// Which sort keys a stretch holds.
#[derive(Debug)]
pub(crate) enum Range {
    /// Those below this one.
    Below(String),
    /// Those from the first to the last, both included.
    Between([String; 2]),
    /// The same, read forwards.
    Rising([String; 2]),
}

impl Dynamo {
    /// The tables of the installation whose names start with `prefix` and a hyphen.
    #[must_use]
    pub fn new(client: Client, prefix: impl Into<String>) -> Self {
        Self {
            client,
            prefix: prefix.into(),
        }
    }

    /// A table's full name.
    pub(crate) fn table(&self, table: Table) -> String {
        format!("{}-{}", self.prefix, table.name())
    }

    /// Reads one item.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        table: Table,
        key: Key,
        consistency: Consistency,
    ) -> Result<Option<T>> {
        self.get_attributes(table, key, consistency)
            .await?
            .map(decode)
            .transpose()
    }

    /// Reads one item as it lies there.
    pub(crate) async fn get_attributes(
        &self,
        table: Table,
        key: Key,
        consistency: Consistency,
    ) -> Result<Option<Attributes>> {
        let answer = self
            .client
            .get_item()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .consistent_read(consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok(answer.item)
    }

    /// Reads a stretch of a partition up to its limit.
    pub(crate) async fn query(&self, table: Table, stretch: Stretch) -> Result<Vec<Attributes>> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            // A page ends at 1 MB even when more was asked for.
            let answer = self
                .query_page(table, &stretch, stretch.limit - items.len(), start)
                .await?;
            items.extend(answer.0);
            start = answer.1;
            if start.is_none() || items.len() >= stretch.limit {
                return Ok(items);
            }
        }
    }

    async fn query_page(
        &self,
        table: Table,
        stretch: &Stretch,
        limit: usize,
        start: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        let (index, pk, sk) = match stretch.index {
            Some((index, pk, sk)) => (Some(index.to_owned()), pk, sk),
            None => (None, "pk", "sk"),
        };
        let query = self
            .client
            .query()
            .table_name(self.table(table))
            .set_index_name(index)
            .scan_index_forward(matches!(stretch.range, Range::Rising(_)))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(stretch.consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .set_exclusive_start_key(start)
            .expression_attribute_names("#pk", pk)
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":pk", AttributeValue::S(stretch.pk.clone()));
        let query = match &stretch.range {
            Range::Below(end) => query
                .key_condition_expression("#pk = :pk AND #sk < :end")
                .expression_attribute_values(":end", AttributeValue::S(end.clone())),
            Range::Between([first, last]) | Range::Rising([first, last]) => query
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
                .expression_attribute_values(":first", AttributeValue::S(first.clone()))
                .expression_attribute_values(":last", AttributeValue::S(last.clone())),
        };
        let answer = query.send().await.map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Writes an item that nobody else writes: its key is fresh.
    pub(crate) async fn put_fresh(&self, table: Table, item: Attributes) -> Result<()> {
        let answer = self
            .client
            .put_item()
            .table_name(self.table(table))
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match answer {
            Ok(answer) => note(Direction::Write, answer.consumed_capacity.as_slice()),
            // The key is fresh, so what is there is this very item: an earlier attempt of the SDK landed.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) => {}
            Err(error) => return Err(unavailable(error)),
        }
        Ok(())
    }

    /// Writes an item whatever was there, for one who alone writes it.
    pub(crate) async fn put_own(&self, table: Table, item: Attributes) -> Result<()> {
        let answer = self
            .client
            .put_item()
            .table_name(self.table(table))
            .set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Removes a note.
    pub(crate) async fn remove_note(&self, table: Table, key: Key) -> Result<()> {
        let answer = self
            .client
            .delete_item()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Makes all of the changes, or none. The same token never has a second effect. Every time
    /// that it is sent is counted.
    pub(crate) async fn transact(
        &self,
        items: Vec<TransactWriteItem>,
        token: Uuid,
        sendings: &Sendings,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let answer = self
            .client
            .transact_write_items()
            .set_transact_items(Some(items))
            .client_request_token(token)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .customize()
            .interceptor(sendings.clone())
            .send()
            .await;
        let consumed: &[ConsumedCapacity] = match &answer {
            Ok(answer) => answer.consumed_capacity(),
            Err(_) => &[],
        };
        note(Direction::Write, consumed);
        answer.map(drop)
    }
}

/// The attributes that name an item.
pub(crate) fn attributes(key: Key) -> Attributes {
    [
        ("pk".to_owned(), AttributeValue::S(key.pk)),
        ("sk".to_owned(), AttributeValue::S(key.sk)),
    ]
    .into()
}
