use serde::Deserialize;

use super::{Names, ReturnConsumedCapacity, ReturnValuesOnFailure, Values};
use crate::item::Item;

#[derive(Debug, Hash, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TransactWriteItemsRequest {
    pub(crate) transact_items: Vec<TransactAction>,
    pub(crate) client_request_token: Option<String>,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum TransactAction {
    Put(TransactPut),
    Update(TransactUpdate),
    Delete(TransactKey),
    ConditionCheck(TransactKey),
}

#[derive(Debug, Hash, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TransactPut {
    pub(crate) table_name: String,
    pub(crate) item: Item,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
}

#[derive(Debug, Hash, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TransactUpdate {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    pub(crate) update_expression: String,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
}

/// A deletion or a check of a condition.
#[derive(Debug, Hash, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TransactKey {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
}
