//! Merge patches ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)) between two states.

use serde_json::{Value, map::Entry};

use crate::post::JsonObject;

/// Returns the patch that turns `old` into `new`.
pub(super) fn merge_patch(old: &JsonObject, new: &JsonObject) -> JsonObject {
    let mut patch: JsonObject = new
        .iter()
        .filter_map(|(name, value)| change(old.get(name), value).map(|value| (name.clone(), value)))
        .collect();
    for name in old.keys() {
        if let Entry::Vacant(gone) = patch.entry(name.clone())
            && !new.contains_key(name)
        {
            gone.insert(Value::Null);
        }
    }
    patch
}

fn change(old: Option<&Value>, new: &Value) -> Option<Value> {
    match (old, new) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            let patch = merge_patch(old, new);
            (!patch.is_empty()).then_some(Value::Object(patch))
        }
        (Some(old), new) if old == new => None,
        (_, new) => Some(new.clone()),
    }
}

/// Compares two members. Absent, null and empty values are equal.
pub(super) fn is_equal(one: Option<&Value>, other: Option<&Value>) -> bool {
    let normalised = |value: Option<&Value>| {
        let value = value.map(without_nulls).unwrap_or_default();
        let is_empty = match &value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if is_empty { Value::Null } else { value }
    };
    normalised(one) == normalised(other)
}

/// Removes members that are null: a merge patch cannot distinguish them from absent ones.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        value => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(old: Value, new: Value) -> Value {
        let (Value::Object(old), Value::Object(new)) = (old, new) else {
            unreachable!()
        };
        Value::Object(merge_patch(&old, &new))
    }

    #[test]
    fn a_patch_contains_only_differences() {
        assert_eq!(
            patch(json!({"a": 1, "b": [1]}), json!({"a": 1, "b": [2]})),
            json!({"b": [2]})
        );
        assert_eq!(patch(json!({"a": 1}), json!({"a": 1})), json!({}));
    }

    #[test]
    fn a_removed_member_is_null_at_every_depth() {
        assert_eq!(
            patch(
                json!({"a": 1, "m": {"x": 1, "y": {"z": 1}}}),
                json!({"m": {"y": {}, "n": 2}})
            ),
            json!({"a": null, "m": {"x": null, "y": {"z": null}, "n": 2}})
        );
        assert_eq!(
            patch(json!({"m": {"x": 1}}), json!({"m": 3})),
            json!({"m": 3})
        );
    }

    #[test]
    fn nulls_are_removed_at_every_depth_of_maps() {
        assert_eq!(
            without_nulls(&json!({"a": null, "b": {"c": null}, "d": [null]})),
            json!({"b": {}, "d": [null]})
        );
    }
}
