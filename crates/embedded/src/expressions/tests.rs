use std::collections::BTreeMap;
use std::ops::Bound;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::api_error::RequestError;
use crate::item::{Item, KeyAttribute, KeyRole, KeySchema, Map};

mod conditions;
mod key_conditions;
mod placeholders;
mod updates;

fn item(json: &Json) -> Item {
    Item::parse(json.to_string().as_bytes()).unwrap()
}

/// Parses an expression that may use the placeholder `#name` and these values.
fn with_values<T>(
    values: &Json,
    parse: impl FnOnce(&Substitutions<'_>) -> Result<T, RequestError>,
) -> Result<T, String> {
    let Item(values) = item(values);
    let names = BTreeMap::from([("#name".to_owned(), "name".to_owned())]);
    let values = (!values.is_empty()).then_some(&values);
    let substitutions = Substitutions::new(Some(&names), values).unwrap();
    parse(&substitutions).map_err(|error| error.message)
}
