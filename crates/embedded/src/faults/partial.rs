//! A batch of which only a part is performed.

use serde_json::{Map, Value, json};

/// The two parts of a batch request's `RequestItems`.
#[derive(Debug, PartialEq)]
pub(super) struct Split {
    pub(super) first: Value,
    pub(super) others: Value,
}

/// Where a `BatchWriteItem` hands back what it left.
pub(super) const UNPROCESSED_WRITES: &str = "UnprocessedItems";
/// Where a `BatchGetItem` hands back what it left.
pub(super) const UNPROCESSED_READS: &str = "UnprocessedKeys";

/// Where a batch's answer hands back what was not performed; `None` for an
/// operation that is no batch.
pub(super) fn unprocessed_field(operation: &str) -> Option<&'static str> {
    match operation {
        "BatchWriteItem" => Some(UNPROCESSED_WRITES),
        "BatchGetItem" => Some(UNPROCESSED_READS),
        _ => None,
    }
}

/// Parts the first entry of the first table from all the others.
pub(super) fn split(entries: &Value) -> Split {
    let mut first = Map::new();
    let mut others = Map::new();
    for (table, entries) in entries.as_object().into_iter().flatten() {
        let (head, tail) = if first.is_empty() {
            behead(entries)
        } else {
            (None, Some(entries.clone()))
        };
        first.extend(head.map(|head| (table.clone(), head)));
        others.extend(tail.map(|tail| (table.clone(), tail)));
    }
    Split {
        first: first.into(),
        others: others.into(),
    }
}

/// One table's first entry and its rest.
fn behead(entries: &Value) -> (Option<Value>, Option<Value>) {
    let list = entries.get("Keys").unwrap_or(entries);
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    let (head, tail) = list.split_at(list.len().min(1));
    let part = |part: &[Value]| (!part.is_empty()).then(|| narrowed(entries, part));
    (part(head), part(tail))
}

/// A table of a write is a list of entries; a table of a read holds a list of
/// keys beside the settings that are true of them all.
fn narrowed(entries: &Value, part: &[Value]) -> Value {
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
    fn writes_are_parted_after_the_first() {
        let entries = json!({ "posts": [1, 2, 3], "audit": [4] });
        assert_eq!(
            split(&entries),
            Split {
                first: json!({ "posts": [1] }),
                others: json!({ "posts": [2, 3], "audit": [4] }),
            }
        );
    }

    #[test]
    fn both_parts_of_a_read_keep_its_settings() {
        let entries = json!({ "posts": { "Keys": [1, 2], "ConsistentRead": true } });
        assert_eq!(
            split(&entries),
            Split {
                first: json!({ "posts": { "Keys": [1], "ConsistentRead": true } }),
                others: json!({ "posts": { "Keys": [2], "ConsistentRead": true } }),
            }
        );
    }

    #[test]
    fn a_single_entry_leaves_nothing_over() {
        let split = split(&json!({ "posts": [1] }));
        assert_eq!(split.others, json!({}));
    }
}
