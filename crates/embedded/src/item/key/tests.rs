use super::*;

fn attribute(name: &str) -> KeyAttribute {
    KeyAttribute {
        name: name.to_owned(),
        kind: KeyRole::S,
    }
}

fn schema() -> KeySchema {
    KeySchema {
        partition: attribute("pk"),
        sort: Some(attribute("sk")),
    }
}

fn item(json: &str) -> Item {
    Item::parse(json.as_bytes()).unwrap()
}

fn key(partition: &str, sort: &str) -> Key {
    Key {
        partition: partition.to_owned(),
        sort: sort.to_owned(),
    }
}

fn long(partition: usize, sort: usize) -> Item {
    let [partition, sort] = [partition, sort].map(|length| "x".repeat(length));
    item(&format!(
        r#"{{"pk": {{"S": "{partition}"}}, "sk": {{"S": "{sort}"}}}}"#
    ))
}

#[test]
fn the_key_of_an_item_is_read_beside_other_attributes() {
    let post = item(r#"{"pk": {"S": "a"}, "sk": {"S": "b"}, "n": {"N": "1"}}"#);
    assert_eq!(schema().key_of_item(&post), Ok(key("a", "b")));
    let refusal = |json| schema().key_of_item(&item(json)).unwrap_err().message;
    assert_eq!(
        refusal(r#"{"pk": {"S": "a"}}"#),
        "One or more parameter values were invalid: Missing the key sk in the item"
    );
    assert_eq!(
        refusal(r#"{"pk": {"S": "a"}, "sk": {"N": "1"}}"#),
        "One or more parameter values were invalid: Type mismatch for key sk expected: S actual: N"
    );
    assert!(
        refusal(r#"{"pk": {"S": ""}, "sk": {"S": "b"}}"#).ends_with("empty string value. Key: pk")
    );
}

#[test]
fn a_key_in_a_request_has_no_other_attributes() {
    let refusal = |json| schema().key_of_request(&item(json)).unwrap_err().message;
    for json in [
        r#"{"pk": {"S": "a"}}"#,
        r#"{"pk": {"S": "a"}, "other": {"S": "b"}}"#,
        r#"{"pk": {"S": "a"}, "sk": {"NULL": true}}"#,
        r#"{"pk": {"S": "a"}, "sk": {"S": "b"}, "other": {"S": "c"}}"#,
    ] {
        assert_eq!(
            refusal(json),
            "The provided key element does not match the schema"
        );
    }
    assert!(refusal(r#"{"pk": {"S": "a"}, "sk": {"S": ""}}"#).ends_with("Key: sk"));
}

#[test]
fn a_schema_without_sort_key_has_empty_sort_keys() {
    let schema = KeySchema {
        sort: None,
        ..schema()
    };
    let found = schema.key_of_request(&item(r#"{"pk": {"S": "a"}}"#));
    assert_eq!(found, Ok(key("a", "")));
}

#[test]
fn keys_have_at_most_2048_and_1024_bytes() {
    let schema = schema();
    assert!(schema.key_of_item(&long(2048, 1024)).is_ok());
    let partition = schema.key_of_item(&long(2049, 1)).unwrap_err().message;
    assert!(partition.ends_with("maximum size limit of2048 bytes"));
    let sort = schema.key_of_request(&long(1, 1025)).unwrap_err().message;
    assert!(sort.ends_with("size limit of 1024 bytes"));
}

#[test]
fn an_item_without_an_attribute_of_an_index_is_not_in_the_index() {
    let schema = schema();
    let key_of = |json| schema.index_key_of("by_state", &item(json));
    assert_eq!(key_of(r#"{"pk": {"S": "a"}}"#), Ok(None));
    assert_eq!(key_of(r#"{"sk": {"S": "b"}}"#), Ok(None));
    let both = key_of(r#"{"pk": {"S": "a"}, "sk": {"S": "b"}}"#);
    assert_eq!(both, Ok(Some(key("a", "b"))));
    let wrong = key_of(r#"{"pk": {"S": "a"}, "sk": {"N": "1"}}"#).unwrap_err();
    assert!(
        wrong
            .message
            .ends_with("Expected: S Actual: N IndexName: by_state")
    );
    let empty = key_of(r#"{"pk": {"S": ""}}"#).unwrap_err();
    assert!(empty.message.ends_with("IndexName: by_state, IndexKey: pk"));
}

#[test]
fn keys_of_other_types_are_refused_by_name() {
    let mut schema = schema();
    schema.partition.kind = KeyRole::N;
    let error = schema.key_of_item(&item(r#"{"pk": {"N": "1"}, "sk": {"S": "b"}}"#));
    let message = error.unwrap_err().message;
    assert!(
        message.ends_with("type S only, not pk of type N"),
        "{message}"
    );
}
