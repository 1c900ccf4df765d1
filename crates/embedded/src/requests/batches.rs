use std::collections::BTreeMap;

use serde::Deserialize;

use super::ReturnConsumedCapacity;
use crate::item::Item;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct BatchGetItemRequest {
    pub(crate) request_items: BTreeMap<String, KeysRequest>,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

/// The keys of one table.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct KeysRequest {
    pub(crate) keys: Vec<Item>,
    #[serde(default)]
    pub(crate) consistent_read: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct BatchWriteItemRequest {
    pub(crate) request_items: BTreeMap<String, Vec<WriteRequest>>,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Deserialize)]
pub(crate) enum WriteRequest {
    #[serde(rename = "PutRequest")]
    Put {
        #[serde(rename = "Item")]
        item: Item,
    },
    #[serde(rename = "DeleteRequest")]
    Delete {
        #[serde(rename = "Key")]
        key: Item,
    },
}
