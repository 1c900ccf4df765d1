use serde::Deserialize;

use super::{Names, ReturnConsumedCapacity, Values};
use crate::item::Item;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct GetItemRequest {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    #[serde(default)]
    pub(crate) consistent_read: bool,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct QueryRequest {
    pub(crate) table_name: String,
    pub(crate) index_name: Option<String>,
    pub(crate) key_condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    pub(crate) exclusive_start_key: Option<Item>,
    pub(crate) limit: Option<i32>,
    pub(crate) scan_index_forward: Option<bool>,
    #[serde(default)]
    pub(crate) consistent_read: bool,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct ScanRequest {
    pub(crate) table_name: String,
    pub(crate) exclusive_start_key: Option<Item>,
    pub(crate) limit: Option<i32>,
    #[serde(default)]
    pub(crate) consistent_read: bool,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}
