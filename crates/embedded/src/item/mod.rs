//! Items: attribute values, their wire JSON, sizes, numbers and keys.
//!
//! 1. `value` is an attribute value; `wire` reads and writes its JSON.
//! 2. `number` has the exact decimals of DynamoDB.
//! 3. `size` counts bytes as DynamoDB does.
//! 4. `key` reads the keys of tables and indexes from items.

mod key;
mod number;
mod size;
mod value;
mod wire;

use serde::{Deserialize, Serialize};

pub(crate) use key::{Key, KeyAttribute, KeyRole, KeySchema};
pub(crate) use number::Number;
pub(crate) use value::{Map, Value};

use crate::api_error::{ErrorKind, RequestError};

/// An item: attribute names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Item(#[serde(deserialize_with = "wire::map")] pub(crate) Map);

impl Item {
    /// Parses stored wire JSON.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, RequestError> {
        serde_json::from_slice(json).map_err(|error| {
            let reason = format!("a stored item is damaged: {error}");
            RequestError::new(ErrorKind::InternalServerError, reason)
        })
    }

    /// Returns the wire JSON.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a map with names as keys has a JSON")
    }

    /// The size in bytes as DynamoDB counts it.
    pub(crate) fn size(&self) -> usize {
        size::of_map(&self.0)
    }

    pub(crate) fn get(&self, attribute: &str) -> Option<&Value> {
        self.0.get(attribute)
    }
}

#[cfg(test)]
mod tests;
