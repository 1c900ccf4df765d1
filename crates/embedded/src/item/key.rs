//! Keys of tables and indexes.

use serde::{Deserialize, Serialize};

use super::Item;
use crate::api_error::ApiError;

/// The key attributes of a table or of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeySchema {
    pub(crate) partition: KeyAttribute,
    pub(crate) sort: Option<KeyAttribute>,
}

/// The name and type of a key attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyAttribute {
    pub(crate) name: String,
    pub(crate) kind: KeyKind,
}

/// The type of a key attribute. Tables with `N` and `B` can be described, but not written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum KeyKind {
    S,
    N,
    B,
}

/// The key of an item in a table or in an index. `sort` is empty if the schema has no sort key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl KeySchema {
    /// The key of an item that is put into a table.
    pub(crate) fn key_of_item(&self, item: &Item) -> Result<Key, ApiError> {
        let _ = item;
        todo!()
    }

    /// The key in a request, which has exactly the attributes of the schema.
    pub(crate) fn key_of_request(&self, key: &Item) -> Result<Key, ApiError> {
        let _ = key;
        todo!()
    }

    /// The key of an item in an index named `index`, or `None` if the item lacks an attribute of it.
    pub(crate) fn index_key_of(&self, index: &str, item: &Item) -> Result<Option<Key>, ApiError> {
        let _ = (index, item);
        todo!()
    }
}
