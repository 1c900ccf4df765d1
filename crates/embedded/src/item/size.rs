//! Sizes in bytes, as DynamoDB counts them for limits and capacity.

use super::{Map, Value};

/// Bytes that a list or a map takes besides its content.
const CONTAINER: usize = 3;
/// Bytes that each element of a list or a map takes besides its content.
const ELEMENT: usize = 1;

/// The size of the names and values of an item.
pub(super) fn of_map(members: &Map) -> usize {
    members
        .iter()
        .map(|(name, value)| name.len() + of_value(value))
        .sum()
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::S(text) => text.len(),
        Value::N(number) => number.size(),
        Value::B(bytes) => bytes.len(),
        Value::Bool(_) | Value::Null => 1,
        Value::L(elements) => {
            let content: usize = elements.iter().map(of_value).sum();
            CONTAINER + ELEMENT * elements.len() + content
        }
        Value::M(members) => CONTAINER + ELEMENT * members.len() + of_map(members),
        Value::Ss(texts) => texts.iter().map(String::len).sum(),
        Value::Ns(numbers) => numbers.iter().map(super::Number::size).sum(),
        Value::Bs(binaries) => binaries.iter().map(Vec::len).sum(),
    }
}
