//! Items: attribute values, their wire JSON, sizes, numbers and keys.

mod key;
mod number;
mod value;

pub(crate) use key::{Key, KeyAttribute, KeyKind, KeySchema};
pub(crate) use number::Number;
pub(crate) use value::{Map, Value};

use crate::api_error::ApiError;

/// An item: attribute names and values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item(pub(crate) Map);

impl Item {
    /// Parses wire JSON that this crate wrote.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, ApiError> {
        let _ = json;
        todo!()
    }

    /// Returns the wire JSON with normalised numbers.
    pub(crate) fn to_json(&self) -> String {
        todo!()
    }

    /// The size in bytes as DynamoDB counts it.
    pub(crate) fn size(&self) -> usize {
        todo!()
    }

    pub(crate) fn get(&self, attribute: &str) -> Option<&Value> {
        self.0.get(attribute)
    }

    /// Refuses an item of more than 400 KB.
    pub(crate) fn check_size(&self) -> Result<(), ApiError> {
        todo!()
    }
}
