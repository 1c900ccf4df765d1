use serde_json::{Value as Json, json};

use super::*;
use crate::api_error::ErrorKind;

fn refusal<Q: DeserializeOwned>(operation: &str, body: &Json) -> RequestError {
    match parse::<Q>(operation, body.to_string().as_bytes()) {
        Ok(_) => panic!("{operation} accepts {body}"),
        Err(error) => error,
    }
}

fn key() -> Json {
    json!({ "pk": { "S": "a" }, "sk": { "S": "b" } })
}

#[test]
fn parameters_that_the_engine_lacks_are_refused_by_name() {
    let query = json!({ "TableName": "posts", "FilterExpression": "a = :a" });
    let get = json!({ "TableName": "posts", "Key": key(), "ProjectionExpression": "a" });
    let put = json!({ "TableName": "posts", "Item": key(), "Expected": {} });
    let put = json!({ "TransactItems": [{ "Put": put }] });
    for (error, operation, parameter) in [
        (
            refusal::<QueryRequest>("Query", &query),
            "Query",
            "FilterExpression",
        ),
        (
            refusal::<GetItemRequest>("GetItem", &get),
            "GetItem",
            "ProjectionExpression",
        ),
        (
            refusal::<TransactWriteItemsRequest>("TransactWriteItems", &put),
            "TransactWriteItems",
            "Expected",
        ),
    ] {
        assert_eq!(error.kind, ErrorKind::Validation);
        assert_eq!(
            error.message,
            format!(
                "the embedded engine does not support the parameter {parameter} of {operation}"
            )
        );
    }
}

#[test]
fn values_that_the_engine_lacks_are_refused_by_name() {
    let update = json!({ "TableName": "posts", "Key": key(), "ReturnValues": "UPDATED_NEW" });
    let put = json!({ "TableName": "posts", "Item": key(), "ReturnValues": "ALL_NEW" });
    for (error, value, operation) in [
        (
            refusal::<UpdateItemRequest>("UpdateItem", &update),
            "UPDATED_NEW",
            "UpdateItem",
        ),
        (
            refusal::<PutItemRequest>("PutItem", &put),
            "ALL_NEW",
            "PutItem",
        ),
    ] {
        assert_eq!(error.kind, ErrorKind::Validation);
        assert_eq!(
            error.message,
            format!(
                "the embedded engine does not support the value {value} in a request of {operation}"
            )
        );
    }
}

#[test]
fn a_missing_parameter_is_named() {
    let error = refusal::<GetItemRequest>("GetItem", &json!({ "TableName": "posts" }));
    assert_eq!(error.kind, ErrorKind::Validation);
    assert_eq!(
        error.message,
        "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must \
         not be null"
    );
}

#[test]
fn an_invalid_value_is_a_validation_error_of_its_request() {
    let put = json!({ "TableName": "posts", "Item": { "a": { "N": "one" } } });
    let error = refusal::<PutItemRequest>("PutItem", &put);
    assert_eq!(error.kind, ErrorKind::Validation);
    assert_eq!(
        error.message,
        "The parameter cannot be converted to a numeric value: one"
    );
}

#[test]
fn a_body_that_is_not_the_json_of_the_operation_is_a_serialization_error() {
    for body in [
        &b"{"[..],
        b"[]",
        b"",
        br#"{"TableName": 1, "Key": {}}"#,
        b"\xff",
    ] {
        let error = parse::<GetItemRequest>("GetItem", body).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Serialization, "{error:?}");
        assert!(!error.message.contains(" at line "), "{error:?}");
    }
}

#[test]
fn a_batch_entry_has_one_write() {
    let both = json!({ "RequestItems": { "posts": [{
        "PutRequest": { "Item": key() }, "DeleteRequest": { "Key": key() },
    }] } });
    let error = refusal::<BatchWriteItemRequest>("BatchWriteItem", &both);
    assert_eq!(error.kind, ErrorKind::Serialization);
}
