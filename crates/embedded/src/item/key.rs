//! Keys of tables and indexes.

use serde::{Deserialize, Serialize};

use super::{Item, Value};
use crate::api_error::RequestError;

const MAX_PARTITION_BYTES: usize = 2048;
const MAX_SORT_BYTES: usize = 1024;

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
    pub(crate) kind: KeyRole,
}

/// The type of a key attribute. The engine describes tables with keys of type `N` and `B`, but
/// refuses to write and read their items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum KeyRole {
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

/// Why the value of a key attribute is refused.
enum KeyError<'a> {
    Missing,
    WrongType(&'a Value),
    Empty,
}

impl KeySchema {
    /// The key of an item that is put into a table.
    pub(crate) fn key_of_item(&self, item: &Item) -> Result<Key, RequestError> {
        self.key(|attribute| {
            let name = &attribute.name;
            attribute.text(item)?.map_err(|error| match error {
                KeyError::Missing => RequestError::validation(format!(
                    "One or more parameter values were invalid: Missing the key {name} in the item"
                )),
                KeyError::WrongType(value) => RequestError::validation(format!(
                    "One or more parameter values were invalid: Type mismatch for key {name} \
                     expected: {:?} actual: {}",
                    attribute.kind,
                    value.type_name()
                )),
                KeyError::Empty => empty_key(name),
            })
        })
    }

    /// The key in a request, which has exactly the attributes of the schema.
    pub(crate) fn key_of_request(&self, key: &Item) -> Result<Key, RequestError> {
        if key.0.len() != 1 + usize::from(self.sort.is_some()) {
            return Err(other_schema());
        }
        self.key(|attribute| {
            attribute.text(key)?.map_err(|error| match error {
                KeyError::Missing | KeyError::WrongType(_) => other_schema(),
                KeyError::Empty => empty_key(&attribute.name),
            })
        })
    }

    /// The key of an item in the index named `index`, or `None` if the item lacks an attribute of it.
    pub(crate) fn index_key_of(
        &self,
        index: &str,
        item: &Item,
    ) -> Result<Option<Key>, RequestError> {
        let text = |attribute: &KeyAttribute| {
            let name = &attribute.name;
            match attribute.text(item)? {
                Ok(text) => Ok(Some(text)),
                Err(KeyError::Missing) => Ok(None),
                Err(KeyError::WrongType(value)) => Err(RequestError::validation(format!(
                    "One or more parameter values were invalid: Type mismatch for Index Key {name} \
                     Expected: {:?} Actual: {} IndexName: {index}",
                    attribute.kind,
                    value.type_name()
                ))),
                Err(KeyError::Empty) => Err(RequestError::validation(format!(
                    "One or more parameter values are not valid. A value specified for a secondary \
                     index key is not supported. The AttributeValue for a key attribute cannot \
                     contain an empty string value. IndexName: {index}, IndexKey: {name}"
                ))),
            }
        };
        let partition = text(&self.partition)?;
        let sort = match &self.sort {
            Some(sort) => text(sort)?,
            None => Some(String::new()),
        };
        let key = partition.zip(sort);
        key.map(|(partition, sort)| Key { partition, sort }.within_limits())
            .transpose()
    }

    /// The names of the key attributes.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let attributes = [Some(&self.partition), self.sort.as_ref()];
        let attributes = attributes.into_iter().flatten();
        attributes.map(|attribute| attribute.name.as_str())
    }

    fn key(
        &self,
        text: impl Fn(&KeyAttribute) -> Result<String, RequestError>,
    ) -> Result<Key, RequestError> {
        let partition = text(&self.partition)?;
        let sort = self.sort.as_ref().map(text).transpose()?;
        let sort = sort.unwrap_or_default();
        Key { partition, sort }.within_limits()
    }
}

impl KeyAttribute {
    /// Refuses attributes whose values the engine cannot store in the order of DynamoDB.
    pub(crate) fn check_kind(&self) -> Result<(), RequestError> {
        if self.kind == KeyRole::S {
            return Ok(());
        }
        Err(RequestError::validation(format!(
            "the embedded engine supports key attributes of type S only, not {} of type {:?}",
            self.name, self.kind
        )))
    }

    /// Returns the text of the attribute, or why it is refused.
    fn text<'a>(&self, item: &'a Item) -> Result<Result<String, KeyError<'a>>, RequestError> {
        self.check_kind()?;
        Ok(match item.get(&self.name) {
            Some(Value::S(text)) if text.is_empty() => Err(KeyError::Empty),
            Some(Value::S(text)) => Ok(text.clone()),
            Some(value) => Err(KeyError::WrongType(value)),
            None => Err(KeyError::Missing),
        })
    }
}

impl Key {
    fn within_limits(self) -> Result<Self, RequestError> {
        if self.partition.len() > MAX_PARTITION_BYTES {
            return Err(RequestError::validation(
                "One or more parameter values were invalid: Size of hashkey has exceeded the \
                 maximum size limit of2048 bytes",
            ));
        }
        if self.sort.len() > MAX_SORT_BYTES {
            return Err(RequestError::validation(
                "One or more parameter values were invalid: Aggregated size of all range keys has \
                 exceeded the size limit of 1024 bytes",
            ));
        }
        Ok(self)
    }
}

fn empty_key(name: &str) -> RequestError {
    RequestError::validation(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
         contain an empty string value. Key: {name}"
    ))
}

fn other_schema() -> RequestError {
    RequestError::validation("The provided key element does not match the schema")
}

#[cfg(test)]
mod tests;
