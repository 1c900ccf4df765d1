//! Key schemas of requests.

use crate::api_error::RequestError;
use crate::item::{KeyAttribute, KeySchema};
use crate::requests::{AttributeDefinition, KeyElement, KeyType};

/// Parses key schemas of a request with these attribute definitions.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeySchemas<'a>(&'a [AttributeDefinition]);

impl<'a> KeySchemas<'a> {
    pub(super) fn new(definitions: &'a [AttributeDefinition]) -> Self {
        Self(definitions)
    }

    /// Returns the partition key and the optional sort key of a schema.
    pub(super) fn parse(self, elements: &[KeyElement]) -> Result<KeySchema, RequestError> {
        let (partition, sort) = match elements {
            [partition] => (partition, None),
            [partition, sort] if sort.key_type == KeyType::Range => (partition, Some(sort)),
            _ => return Err(invalid("the second element must be the sort key")),
        };
        if partition.key_type != KeyType::Hash {
            return Err(invalid("the first element must be the partition key"));
        }
        Ok(KeySchema {
            partition: self.attribute(&partition.attribute_name)?,
            sort: sort
                .map(|sort| self.attribute(&sort.attribute_name))
                .transpose()?,
        })
    }

    fn attribute(self, name: &str) -> Result<KeyAttribute, RequestError> {
        let mut definitions = self.0.iter();
        let definition = definitions.find(|definition| definition.attribute_name == name);
        match definition.map(|definition| definition.attribute_type) {
            // A table with keys of another type can be described; its items cannot be used.
            Some(kind) => Ok(KeyAttribute {
                name: name.to_owned(),
                kind,
            }),
            None => Err(invalid(&format!(
                "{name} is not defined in AttributeDefinitions"
            ))),
        }
    }
}

fn invalid(reason: &str) -> RequestError {
    RequestError::validation(format!("Invalid KeySchema: {reason}"))
}
