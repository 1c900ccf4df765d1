//! Reads of items and ranges.

use aws_sdk_dynamodb::{
    operation::{get_item::GetItemInput, query::QueryInput, scan::ScanInput},
    types::{AttributeValue, ReturnConsumedCapacity},
};
use serde::de::DeserializeOwned;
use tintero_domain::{Result, freshness::Freshness};

use super::{Dynamo, attributes};
use crate::{
    cost::{Direction, note},
    error::unavailable,
    item::{Attributes, decode, decode_body},
    keys::{ItemKey, Table},
};

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
}
