use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

fn parse(json: &Json) -> Result<Item, RequestError> {
    serde_json::from_str(&json.to_string())
        .map_err(|error| RequestError::of_json("PutItem", &error))
}

fn refusal(value: &Json) -> RequestError {
    parse(&json!({ "a": value })).unwrap_err()
}

#[test]
fn an_item_of_every_type_is_written_as_it_was_read() {
    let json = json!({
        "binaries": { "BS": ["AA==", "AQ=="] },
        "binary": { "B": "aW5r" },
        "boolean": { "BOOL": false },
        "list": { "L": [{ "S": "" }, { "L": [] }] },
        "map": { "M": { "\"quoted\"": { "N": "-1.5" }, "inner": { "NULL": true } } },
        "null": { "NULL": true },
        "number": { "N": "12" },
        "numbers": { "NS": ["-1", "0.5", "2", "10"] },
        "string": { "S": "tinta \u{1f58b}\n" },
        "strings": { "SS": ["a", "b"] },
    });
    let item = parse(&json).unwrap();
    assert_eq!(item.to_json(), json.to_string());
    assert_eq!(Item::parse(item.to_json().as_bytes()), Ok(item));
}

#[test]
fn numbers_are_normalised_and_sets_are_sorted() {
    let item = parse(&json!({
        "number": { "N": "1.50e1" },
        "numbers": { "NS": ["10", "2.0"] },
        "strings": { "SS": ["b", "a"] },
    }));
    assert_eq!(
        item.unwrap().to_json(),
        r#"{"number":{"N":"15"},"numbers":{"NS":["2","10"]},"strings":{"SS":["a","b"]}}"#
    );
}

#[test]
fn invalid_values_are_validation_errors() {
    for (value, message) in [
        (
            json!({}),
            "is empty, must contain exactly one of the supported datatypes",
        ),
        (
            json!({ "X": "a" }),
            "is empty, must contain exactly one of the supported datatypes",
        ),
        (
            json!({ "S": "a", "N": "1" }),
            "more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
        (
            json!({ "NULL": false }),
            "Null attribute value types must have the value of true",
        ),
        (
            json!({ "N": "one" }),
            "The parameter cannot be converted to a numeric value: one",
        ),
        (json!({ "M": { "": { "S": "a" } } }), "Empty attribute name"),
        (json!({ "SS": [] }), "An string set  may not be empty"),
        (json!({ "NS": [] }), "An number set  may not be empty"),
        (json!({ "BS": [] }), "Binary sets should not be empty"),
        (
            json!({ "SS": ["b", "a", "b"] }),
            "Input collection [\"a\", \"b\", \"b\"] contains duplicates.",
        ),
        (
            json!({ "NS": ["1", "1.0"] }),
            "Input collection contains duplicates.",
        ),
        (
            json!({ "BS": ["AA==", "AA=="] }),
            "Input collection [\"AA==\",\"AA==\"]of type BS contains duplicates.",
        ),
    ] {
        let error = refusal(&value);
        assert_eq!(error.kind, ErrorKind::Validation);
        assert!(error.message.ends_with(message), "{}", error.message);
    }
}

#[test]
fn json_of_another_form_is_a_serialization_error() {
    for value in [
        json!("text"),
        json!({ "S": 1 }),
        json!({ "N": 1 }),
        json!({ "B": "*" }),
        json!({ "BOOL": "true" }),
        json!({ "L": { "S": "a" } }),
        json!({ "M": [] }),
    ] {
        assert_eq!(refusal(&value).kind, ErrorKind::Serialization, "{value}");
    }
    let twice = serde_json::from_str::<Item>(r#"{"a": {"S": "1"}, "a": {"S": "2"}}"#);
    assert!(
        twice
            .unwrap_err()
            .to_string()
            .starts_with("the attribute a occurs twice")
    );
}

#[test]
fn a_text_that_looks_like_an_internal_mark_is_no_validation_error() {
    let error = refusal(&json!({ "BOOL": "invalid value of DynamoDB: x" }));
    assert_eq!(error.kind, ErrorKind::Serialization);
}

/// A text in this number of lists.
fn nested(lists: usize) -> Json {
    (0..lists).fold(json!({ "S": "a" }), |inner, _| json!({ "L": [inner] }))
}

#[test]
fn values_are_nested_in_at_most_31_lists_and_maps() {
    assert!(parse(&json!({ "a": nested(31) })).is_ok());
    let error = refusal(&nested(32));
    assert_eq!(error.kind, ErrorKind::Validation);
    assert!(
        error
            .message
            .starts_with("Nesting Levels have exceeded supported limits")
    );
}

#[test]
fn the_size_of_an_item_counts_names_and_values() {
    for (value, size) in [
        (json!({ "S": "ñ" }), 2),
        (json!({ "N": "-1.5" }), 4),
        (json!({ "B": "aW5r" }), 3),
        (json!({ "BOOL": true }), 1),
        (json!({ "NULL": true }), 1),
        (json!({ "SS": ["a", "bc"] }), 3),
        (json!({ "NS": ["1", "2"] }), 4),
        (json!({ "BS": ["AA==", "AQ=="] }), 2),
        (json!({ "L": [] }), 3),
        (json!({ "L": [{ "S": "abc" }, { "S": "" }] }), 3 + 2 + 3),
        (json!({ "M": { "key": { "S": "abc" } } }), 3 + 1 + 3 + 3),
    ] {
        let item = parse(&json!({ "name": value })).unwrap();
        assert_eq!(item.size(), "name".len() + size, "{}", item.to_json());
    }
}

fn number() -> impl Strategy<Value = Number> {
    "-?[0-9]{1,20}(\\.[0-9]{1,9})?".prop_map(|text| Number::parse(&text).unwrap())
}

fn name() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("names are not empty", |name| !name.is_empty())
}

fn value() -> impl Strategy<Value = Value> {
    let bytes = || vec(any::<u8>(), 0..20);
    let scalar = prop_oneof![
        any::<String>().prop_map(Value::S),
        number().prop_map(Value::N),
        bytes().prop_map(Value::B),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
        btree_set(any::<String>(), 1..4).prop_map(|set| Value::Ss(set.into_iter().collect())),
        btree_set(number(), 1..4).prop_map(|set| Value::Ns(set.into_iter().collect())),
        btree_set(bytes(), 1..4).prop_map(|set| Value::Bs(set.into_iter().collect())),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::L),
            btree_map(name(), inner, 0..4).prop_map(Value::M),
        ]
    })
}

proptest! {
    #[test]
    fn every_item_is_read_from_its_json(members in btree_map(name(), value(), 0..6)) {
        let item = Item(members);
        let read = Item::parse(item.to_json().as_bytes()).unwrap();
        prop_assert_eq!(read.size(), item.size());
        prop_assert_eq!(read, item);
    }
}
