//! Splits a batch whose first entry alone is executed.

use serde_json::{Map, Value, json};

/// The two parts of the `RequestItems` of a batch request.
#[derive(Debug, PartialEq)]
pub(super) struct BatchSplit {
    pub(super) first: Value,
    pub(super) rest: Value,
}

/// The member with the unprocessed entries of a `BatchWriteItem`.
pub(super) const UNPROCESSED_WRITES: &str = "UnprocessedItems";
/// The member with the unprocessed keys of a `BatchGetItem`.
pub(super) const UNPROCESSED_READS: &str = "UnprocessedKeys";

/// Returns the response member with the unprocessed entries, or `None` if the operation is not a
/// batch.
pub(super) fn unprocessed_field(operation: &str) -> Option<&'static str> {
    match operation {
        "BatchWriteItem" => Some(UNPROCESSED_WRITES),
        "BatchGetItem" => Some(UNPROCESSED_READS),
        _ => None,
    }
}

/// Separates the first entry of the first table from all other entries.
pub(super) fn split_batch(entries: &Value) -> BatchSplit {
    let mut first = Map::new();
    let mut rest = Map::new();
    for (table, entries) in entries.as_object().into_iter().flatten() {
        let (head, tail) = if first.is_empty() {
            split_table(entries)
        } else {
            (None, Some(entries.clone()))
        };
        first.extend(head.map(|head| (table.clone(), head)));
        rest.extend(tail.map(|tail| (table.clone(), tail)));
    }
    BatchSplit {
        first: first.into(),
        rest: rest.into(),
    }
}

fn split_table(entries: &Value) -> (Option<Value>, Option<Value>) {
    let list = entries.get("Keys").unwrap_or(entries);
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    let (head, tail) = list.split_at(list.len().min(1));
    let part = |part: &[Value]| (!part.is_empty()).then(|| with_entries(entries, part));
    (part(head), part(tail))
}

/// A write lists the entries of a table directly. A read lists them in `Keys`, next to settings that
/// apply to all of them.
fn with_entries(entries: &Value, part: &[Value]) -> Value {
    if entries.is_array() {
        return json!(part);
    }
    let mut read = entries.clone();
    read["Keys"] = json!(part);
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_split_after_the_first_entry() {
        let entries = json!({ "posts": [1, 2, 3], "audit": [4] });
        assert_eq!(
            split_batch(&entries),
            BatchSplit {
                first: json!({ "posts": [1] }),
                rest: json!({ "posts": [2, 3], "audit": [4] }),
            }
        );
    }

    #[test]
    fn both_parts_of_a_read_keep_its_settings() {
        let entries = json!({ "posts": { "Keys": [1, 2], "ConsistentRead": true } });
        assert_eq!(
            split_batch(&entries),
            BatchSplit {
                first: json!({ "posts": { "Keys": [1], "ConsistentRead": true } }),
                rest: json!({ "posts": { "Keys": [2], "ConsistentRead": true } }),
            }
        );
    }

    #[test]
    fn a_single_entry_leaves_an_empty_rest() {
        let split = split_batch(&json!({ "posts": [1] }));
        assert_eq!(split.rest, json!({}));
    }
}
