use serde_json::{Value, json};

use super::{PLAIN, POSTS, case, get, item, key, number, put, separate, text};
use crate::request::{Case, Request};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("values/every type", every_type()),
        case("values/empty", empty()),
    ];
    cases.extend(separate("values/invalid", &[], invalid()));
    cases.extend(separate("values/key", &[], keys()));
    cases.extend(separate("values/key of an index", &[], index_keys()));
    cases.extend(separate("values/invalid request", &[], invalid_requests()));
    cases
}

/// Puts one item for each value of its attribute `v`, and reads it.
fn each_alone(values: &[Value]) -> Vec<Request> {
    let requests = values.iter().enumerate().flat_map(|(at, value)| {
        let item = item("v", &format!("{at:03}"), json!({ "v": value }));
        [
            put(PLAIN, &item),
            get(PLAIN, &key("v", &format!("{at:03}"))),
        ]
    });
    requests.collect()
}

fn every_type() -> Vec<Request> {
    each_alone(&[
        text("text"),
        text("\u{0} \" \\ / \u{8} \n \u{1f} é 語 😀 \u{2028}"),
        number(1),
        json!({ "B": "AAECAw==" }),
        json!({ "BOOL": true }),
        json!({ "BOOL": false }),
        json!({ "NULL": true }),
        json!({ "L": [text("a"), number(1), { "L": [] }, { "M": {} }] }),
        json!({ "M": { "a": text("b"), "": text("c"), "é": { "M": { "x": number(0) } } } }),
        json!({ "SS": ["b", "a", "c"] }),
        json!({ "NS": ["3", "1.50", "-2"] }),
        json!({ "BS": ["AQ==", "Ag=="] }),
    ])
}

fn empty() -> Vec<Request> {
    each_alone(&[
        text(""),
        json!({ "B": "" }),
        json!({ "L": [] }),
        json!({ "M": {} }),
        json!({ "SS": [""] }),
        json!({ "BS": [""] }),
    ])
}

fn invalid() -> Vec<Request> {
    let values = [
        json!({ "SS": [] }),
        json!({ "NS": [] }),
        json!({ "BS": [] }),
        json!({ "SS": ["a", "a"] }),
        json!({ "NS": ["1", "1"] }),
        json!({ "NS": ["1", "1.0"] }),
        json!({ "BS": ["AQ==", "AQ=="] }),
        json!({ "NULL": false }),
        json!({}),
        json!({ "S": "a", "N": "1" }),
        json!({ "X": "a" }),
        json!({ "N": "" }),
        json!({ "L": [{ "SS": [] }] }),
        json!({ "M": { "x": {} } }),
    ];
    let put = |value: &Value| put(PLAIN, &item("v", "1", json!({ "v": value })));
    values.iter().map(put).collect()
}

fn keys() -> Vec<Request> {
    let with = |pk: Value, sk: Value| json!({ "pk": pk, "sk": sk });
    let invalid = [
        with(text(""), text("1")),
        with(text("a"), text("")),
        with(number(1), text("1")),
        with(text("a"), number(1)),
        json!({ "pk": text("a") }),
        json!({ "sk": text("a") }),
        json!({}),
    ];
    let mut requests = Vec::new();
    for key in &invalid {
        requests.push(put(PLAIN, key));
        requests.push(get(PLAIN, key));
        requests.push(Request::new(
            "DeleteItem",
            &json!({ "TableName": PLAIN, "Key": key }),
        ));
        let expression = "SET n = :n";
        let values = json!({ "ExpressionAttributeValues": { ":n": number(1) } });
        requests.push(super::update(PLAIN, key, expression, values));
    }
    let with_more = item("a", "1", json!({ "n": number(1) }));
    requests.push(get(PLAIN, &with_more));
    requests.push(Request::new(
        "DeleteItem",
        &json!({ "TableName": PLAIN, "Key": with_more }),
    ));
    requests
}

fn index_keys() -> Vec<Request> {
    let states = [
        json!({ "state_key": text("draft") }),
        json!({ "created_key": text("1") }),
        json!({ "state_key": text("draft"), "created_key": text("1") }),
        json!({ "state_key": number(1), "created_key": text("1") }),
        json!({ "state_key": text("draft"), "created_key": { "NULL": true } }),
        json!({ "state_key": text(""), "created_key": text("1") }),
        json!({ "state_key": text("draft"), "created_key": text("") }),
        json!({ "state_key": text(&"k".repeat(2_049)), "created_key": text("1") }),
        json!({ "state_key": text("draft"), "created_key": text(&"k".repeat(1_025)) }),
    ];
    let put = |attributes: &Value| put(POSTS, &item("a", "1", attributes.clone()));
    states.iter().map(put).collect()
}

fn invalid_requests() -> Vec<Request> {
    vec![
        Request::raw("GetItem", "{".to_owned()),
        Request::raw("GetItem", "[]".to_owned()),
        Request::new("GetItem", &json!({})),
        Request::new("GetItem", &json!({ "TableName": PLAIN })),
        Request::new(
            "GetItem",
            &json!({ "TableName": "y", "Key": key("a", "1") }),
        ),
        Request::new("GetItem", &json!({ "TableName": 1, "Key": key("a", "1") })),
        Request::new("PutItem", &json!({ "TableName": PLAIN })),
        Request::new(
            "PutItem",
            &json!({ "TableName": PLAIN, "Item": key("a", "1"), "ReturnValues": "ALL_NEW" }),
        ),
        Request::new(
            "PutItem",
            &json!({ "TableName": PLAIN, "Item": key("a", "1"), "ReturnValues": "SOME" }),
        ),
        Request::new(
            "PutItem",
            &json!({ "TableName": PLAIN, "Item": key("a", "1"), "ConditionExpression": "" }),
        ),
        Request::new(
            "UpdateItem",
            &json!({ "TableName": PLAIN, "Key": key("a", "1"), "UpdateExpression": "" }),
        ),
        Request::new("Query", &json!({ "TableName": PLAIN })),
        Request::new("BatchWriteItem", &json!({ "RequestItems": {} })),
        Request::new("BatchGetItem", &json!({ "RequestItems": {} })),
        Request::new("TransactWriteItems", &json!({ "TransactItems": [] })),
    ]
}
