//! The requests to DynamoDB that the stores need. Each call records its cost.

mod batches;
mod public_writes;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{
        delete_item::DeleteItemInput,
        get_item::GetItemInput,
        put_item::{PutItemError, PutItemInput, builders::PutItemInputBuilder},
        query::QueryInput,
        scan::ScanInput,
        transact_write_items::{TransactWriteItemsError, TransactWriteItemsInput},
        update_item::{UpdateItemError, UpdateItemInput},
    },
    types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, TransactWriteItem},
};
use serde::{Serialize, de::DeserializeOwned};
use tintero_domain::{
    Result,
    freshness::{Freshness, PublicWrites},
    writes::WriteOutcome,
};
use uuid::Uuid;

use crate::{
    client::{Connection, SendCounter},
    cost::{Direction, note},
    error::unavailable,
    item::{Attributes, Item, decode, decode_body, encode},
    keys::{ItemKey, Table},
};

/// A client and the prefix of the tables of this installation.
#[derive(Debug, Clone)]
pub struct Dynamo {
    connection: Connection,
    prefix: String,
    public_writes: PublicWrites,
}

/// Whether a read returns every earlier acknowledged write.
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

/// A query for a range of one partition, in descending order unless the range is ascending.
#[derive(Debug)]
pub(crate) struct RangeQuery {
    pub(crate) index: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) pk: String,
    pub(crate) range: KeyRange,
    pub(crate) limit: usize,
    pub(crate) consistency: Consistency,
}

/// The sort keys of a query.
#[derive(Debug)]
pub(crate) enum KeyRange {
    /// All below this one.
    Below(String),
    /// From the first to the last, both included.
    Between([String; 2]),
    /// From the first to the last, in ascending order.
    Ascending([String; 2]),
}

impl RangeQuery {
    /// Every item of the range, with strong consistency.
    pub(crate) fn all(pk: String, range: KeyRange) -> Self {
        Self::first(pk, range, usize::MAX)
    }

    /// The first `limit` items of the range, with strong consistency.
    pub(crate) fn first(pk: String, range: KeyRange, limit: usize) -> Self {
        Self {
            index: None,
            pk,
            range,
            limit,
            consistency: Consistency::Strong,
        }
    }
}

impl Dynamo {
    /// A client for the tables `<prefix>-…`.
    #[must_use]
    pub fn new(connection: impl Into<Connection>, prefix: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            prefix: prefix.into(),
            public_writes: PublicWrites::default(),
        }
    }

    /// The full name of a table.
    pub(crate) fn table(&self, table: Table) -> String {
        format!("{}-{}", self.prefix, table.name())
    }

    /// Reads and decodes one item.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        table: Table,
        key: ItemKey,
        consistency: Consistency,
    ) -> Result<Option<T>> {
        self.get_attributes(table, key, consistency)
            .await?
            .map(decode)
            .transpose()
    }

    /// Reads the body of one item.
    pub(crate) async fn find<T: DeserializeOwned>(
        &self,
        table: Table,
        key: ItemKey,
        consistency: Consistency,
    ) -> Result<Option<T>> {
        self.get_attributes(table, key, consistency)
            .await?
            .map(decode_body)
            .transpose()
    }

    /// Reads one item without decoding it.
    pub(crate) async fn get_attributes(
        &self,
        table: Table,
        key: ItemKey,
        consistency: Consistency,
    ) -> Result<Option<Attributes>> {
        let request = GetItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .consistent_read(consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok(answer.item)
    }

    /// Returns the items of a range up to its limit.
    pub(crate) async fn query(&self, table: Table, query: RangeQuery) -> Result<Vec<Attributes>> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            // DynamoDB ends a page at 1 MB even if the limit is higher.
            let answer = self
                .query_page(table, &query, query.limit - items.len(), start)
                .await?;
            items.extend(answer.0);
            start = answer.1;
            if start.is_none() || items.len() >= query.limit {
                return Ok(items);
            }
        }
    }

    async fn query_page(
        &self,
        table: Table,
        range_query: &RangeQuery,
        limit: usize,
        start: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        let (index, pk, sk) = match range_query.index {
            Some((index, pk, sk)) => (Some(index.to_owned()), pk, sk),
            None => (None, "pk", "sk"),
        };
        let query = QueryInput::builder()
            .table_name(self.table(table))
            .set_index_name(index)
            .scan_index_forward(matches!(range_query.range, KeyRange::Ascending(_)))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(range_query.consistency == Consistency::Strong)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .set_exclusive_start_key(start)
            .expression_attribute_names("#pk", pk)
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":pk", AttributeValue::S(range_query.pk.clone()));
        let query = match &range_query.range {
            KeyRange::Below(end) => query
                .key_condition_expression("#pk = :pk AND #sk < :end")
                .expression_attribute_values(":end", AttributeValue::S(end.clone())),
            KeyRange::Between([first, last]) | KeyRange::Ascending([first, last]) => query
                .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
                .expression_attribute_values(":first", AttributeValue::S(first.clone()))
                .expression_attribute_values(":last", AttributeValue::S(last.clone())),
        };
        let answer = self.connection.send(query).await.map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Inserts an item with a new key, which no other writer uses.
    pub(crate) async fn insert(&self, table: Table, item: Attributes) -> Result<()> {
        let put = self.put_item(table, item);
        let put = put.condition_expression("attribute_not_exists(pk)");
        match self.connection.send(put).await {
            Ok(answer) => note(Direction::Write, answer.consumed_capacity.as_slice()),
            // The key is new, so an earlier attempt of the SDK wrote the existing item.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) => {}
            Err(error) => return Err(unavailable(error)),
        }
        Ok(())
    }

    /// Overwrites an item of which `before` was the last write, or inserts it, without a transaction and an audit
    /// record. Returns whether the item was written.
    pub(crate) async fn replace(
        &self,
        table: Table,
        item: Attributes,
        before: Option<Uuid>,
    ) -> Result<bool> {
        let put = self.put_item(table, item);
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("act = :before")
                .expression_attribute_values(":before", AttributeValue::S(before.to_string())),
        };
        match self.connection.send(put).await {
            Ok(answer) => note(Direction::Write, answer.consumed_capacity.as_slice()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(unavailable(error)),
        }
        Ok(true)
    }

    /// Overwrites an item. Only for items with a single writer.
    pub(crate) async fn put(&self, table: Table, item: Attributes) -> Result<()> {
        let put = self.put_item(table, item);
        let answer = self.connection.send(put).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Writes an item if the stored one meets a condition.
    ///
    /// If the response of an attempt is lost, the SDK repeats it and the condition fails, so a conflict can
    /// mean that the item was written.
    pub(crate) async fn put_if<T: Serialize>(
        &self,
        table: Table,
        item: Item<T>,
        condition: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<WriteOutcome> {
        let put = self
            .put_item(table, encode(item)?)
            .condition_expression(condition)
            .set_expression_attribute_values(named(values));
        match self.connection.send(put).await {
            Ok(answer) => {
                note(Direction::Write, answer.consumed_capacity.as_slice());
                Ok(WriteOutcome::Applied)
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(WriteOutcome::Conflict)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Changes attributes of an item, and creates it if it does not exist.
    pub(crate) async fn update(
        &self,
        table: Table,
        key: ItemKey,
        expression: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<()> {
        let request = UpdateItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .set_expression_attribute_values(named(values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Changes attributes of an item that meets a condition, without a transaction and an audit record.
    /// Returns whether it met the condition. Only for attributes that no other write depends on.
    pub(crate) async fn update_if(
        &self,
        table: Table,
        key: ItemKey,
        (expression, condition): (&str, &str),
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<bool> {
        let request = UpdateItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(named(values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        match self.connection.send(request).await {
            Ok(answer) => {
                note(Direction::Write, answer.consumed_capacity.as_slice());
                Ok(true)
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    fn put_item(&self, table: Table, item: Attributes) -> PutItemInputBuilder {
        PutItemInput::builder()
            .table_name(self.table(table))
            .set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Deletes one item without a condition.
    pub(crate) async fn remove(&self, table: Table, key: ItemKey) -> Result<()> {
        let request = DeleteItemInput::builder()
            .table_name(self.table(table))
            .set_key(Some(attributes(key)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Write, answer.consumed_capacity.as_slice());
        Ok(())
    }

    /// Returns the next items of a whole table and the key to continue from. The cost grows
    /// with the table, so only the doctor uses it.
    pub(crate) async fn scan(
        &self,
        table: Table,
        start: Option<Attributes>,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        let request = ScanInput::builder()
            .table_name(self.table(table))
            .set_exclusive_start_key(start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = self.connection.send(request).await.map_err(unavailable)?;
        note(Direction::Read, answer.consumed_capacity.as_slice());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Applies all changes or none. DynamoDB applies a transaction with the same `token` once. `sendings` counts every
    /// attempt of the SDK.
    pub(crate) async fn transact(
        &self,
        items: Vec<TransactWriteItem>,
        token: Uuid,
        sendings: &SendCounter,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let _counted = self.counted(&items);
        let request = TransactWriteItemsInput::builder()
            .set_transact_items(Some(items))
            .client_request_token(token)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = sendings.counting(self.connection.send(request)).await;
        let consumed: &[ConsumedCapacity] = match &answer {
            Ok(answer) => answer.consumed_capacity(),
            Err(_) => &[],
        };
        note(Direction::Write, consumed);
        answer.map(drop)
    }
}

/// The values of an expression. DynamoDB rejects an empty map.
pub(crate) fn named(
    values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
) -> Option<Attributes> {
    let values = values.into_iter();
    let values: Attributes = values
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    (!values.is_empty()).then_some(values)
}

/// The key attributes of an item.
pub(crate) fn attributes(key: ItemKey) -> Attributes {
    [
        ("pk".to_owned(), AttributeValue::S(key.pk)),
        ("sk".to_owned(), AttributeValue::S(key.sk)),
    ]
    .into()
}
