//! The requests of each operation, as the AWS SDK sends them. A parameter that the engine does not
//! support is an error that names it.

mod batches;
mod reads;
mod tables;
mod transactions;
mod writes;

pub(crate) use batches::{BatchGetItemRequest, BatchWriteItemRequest, KeysRequest, WriteRequest};
pub(crate) use reads::{GetItemRequest, QueryRequest, ScanRequest};
pub(crate) use tables::{
    AttributeDefinition, CreateTableRequest, DescribeTableRequest, IndexRequest, IndexUpdate,
    KeyElement, KeyType, ListTablesRequest, StreamSpecification, UpdateTableRequest,
    UpdateTimeToLiveRequest,
};
pub(crate) use transactions::{TransactAction, TransactKey, TransactWriteItemsRequest};
pub(crate) use writes::{
    DeleteItemRequest, PutItemRequest, ReturnValues, ReturnValuesOnFailure, UpdateItemRequest,
};

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::api_error::RequestError;
use crate::item::Map;

/// The names of the placeholders of expressions.
pub(crate) type Names = BTreeMap<String, String>;
/// The values of the placeholders of expressions.
pub(crate) type Values = Map;

/// The capacity that a response reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ReturnConsumedCapacity {
    #[default]
    None,
    /// One sum for each table.
    Total,
    /// The units of each table and index.
    Indexes,
}

/// Parses the body of a request.
pub(crate) fn parse<Q: DeserializeOwned>(operation: &str, body: &[u8]) -> Result<Q, RequestError> {
    serde_json::from_slice(body).map_err(|error| RequestError::of_json(operation, &error))
}

#[cfg(test)]
mod tests;
