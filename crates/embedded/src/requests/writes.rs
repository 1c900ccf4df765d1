use serde::Deserialize;

use super::{Names, ReturnConsumedCapacity, Values};
use crate::item::Item;

/// The item that an update returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnValues {
    #[default]
    None,
    AllOld,
    AllNew,
}

/// The item that a put or a deletion returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnOldValues {
    #[default]
    None,
    AllOld,
}

impl From<ReturnOldValues> for ReturnValues {
    fn from(returned: ReturnOldValues) -> Self {
        match returned {
            ReturnOldValues::None => Self::None,
            ReturnOldValues::AllOld => Self::AllOld,
        }
    }
}

/// Whether an error returns the item that did not meet a condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReturnValuesOnFailure {
    #[default]
    None,
    AllOld,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct PutItemRequest {
    pub(crate) table_name: String,
    pub(crate) item: Item,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values: ReturnOldValues,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct UpdateItemRequest {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    pub(crate) update_expression: Option<String>,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values: ReturnValues,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct DeleteItemRequest {
    pub(crate) table_name: String,
    pub(crate) key: Item,
    pub(crate) condition_expression: Option<String>,
    pub(crate) expression_attribute_names: Option<Names>,
    pub(crate) expression_attribute_values: Option<Values>,
    #[serde(default)]
    pub(crate) return_values: ReturnOldValues,
    #[serde(default)]
    pub(crate) return_values_on_condition_check_failure: ReturnValuesOnFailure,
    #[serde(default)]
    pub(crate) return_consumed_capacity: ReturnConsumedCapacity,
}
