use serde_json::{Value, json};

use super::{PLAIN, case, get, item, key, number, put, separate, text};
use crate::request::{Case, Request};

/// Expressions that are valid for the stored item and the values of [`values`].
const VALID: [&str; 31] = [
    "attribute_exists(pk)",
    "attribute_not_exists(pk)",
    "attribute_exists(absent)",
    "attribute_not_exists(absent) OR absent <= :n",
    "n = :n",
    "n <> :n",
    "n < :n",
    "n <= :n",
    "n > :n",
    "n >= :n",
    ":n = n",
    "absent = :n",
    "absent <> :n",
    "n = :s",
    "n <> :s",
    "s < :s",
    "tags = :tags",
    "n = n",
    "size(tags) < :n",
    "size(s) >= :n",
    "size(absent) < :n",
    "size(n) < :n",
    "attribute_exists(pk) AND (n = :n OR s = :s)",
    "attribute_exists(pk) AND n = :other OR s = :s",
    "n = :n AND s = :s OR n = :other",
    "NOT n = :other",
    "NOT (n = :n AND s = :s)",
    "(((n = :n)))",
    "ATTRIBUTE_EXISTS(pk)",
    "attribute_exists(pk) and n = :n",
    "#name = :n",
];

const INVALID: [&str; 22] = [
    "",
    " ",
    "n",
    "n =",
    "= :n",
    "n = :n AND",
    "n == :n",
    "n = :n n = :n",
    "(n = :n",
    "n = :n)",
    "attribute_exists",
    "attribute_exists()",
    "attribute_exists(:n)",
    "attribute_exists(n, s)",
    "attribute_exists(size(n))",
    "unheard_of(n)",
    "n = :absent",
    "#absent = :n",
    "status = :n",
    "n = 5",
    "n = \"text\"",
    "n & :n",
];

pub(super) fn cases() -> Vec<Case> {
    let valid = VALID
        .iter()
        .map(|expression| on_an_item("valid", expression));
    let invalid = INVALID
        .iter()
        .map(|expression| on_an_item("invalid", expression));
    let mut cases: Vec<_> = valid.chain(invalid).collect();
    cases.extend(separate("conditions/names and values", &[], unused()));
    cases.push(case("conditions/returned items", returned()));
    cases.extend(separate("conditions/operator on a type", &[], operators()));
    cases
}

fn values() -> Vec<(&'static str, Value)> {
    vec![
        (":n", number(5)),
        (":other", number(6)),
        (":s", text("text")),
        (":tags", json!({ "SS": ["b", "a"] })),
    ]
}

/// Puts an item, puts it again under a condition, and puts an absent one under the same.
fn on_an_item(kind: &str, expression: &str) -> Case {
    let stored = json!({
        "n": number(5),
        "s": text("text"),
        "tags": { "SS": ["a", "b"] },
        "name": number(5),
    });
    let used: serde_json::Map<_, _> = values()
        .into_iter()
        .filter(|(name, _)| is_used(expression, name))
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let put_if = |sk| {
        let mut put = json!({
            "TableName": PLAIN,
            "Item": item("a", sk, stored.clone()),
            "ConditionExpression": expression,
        });
        if !used.is_empty() {
            put["ExpressionAttributeValues"] = used.clone().into();
        }
        if is_used(expression, "#name") {
            put["ExpressionAttributeNames"] = json!({ "#name": "name" });
        }
        Request::new("PutItem", &put)
    };
    case(
        &format!("conditions/{kind} {expression:?}"),
        [
            put(PLAIN, &item("a", "1", stored.clone())),
            put_if("1"),
            put_if("2"),
            get(PLAIN, &key("a", "2")),
        ],
    )
}

fn is_used(expression: &str, name: &str) -> bool {
    let words =
        expression.split(|letter: char| !letter.is_alphanumeric() && !"#:_".contains(letter));
    words.into_iter().any(|word| word == name)
}

fn unused() -> Vec<Request> {
    let with = |rest: Value| {
        let put = json!({ "TableName": PLAIN, "Item": key("a", "1") });
        Request::new("PutItem", &super::merged(put, rest))
    };
    vec![
        with(json!({ "ExpressionAttributeValues": { ":n": number(1) } })),
        with(json!({ "ExpressionAttributeNames": { "#n": "n" } })),
        with(json!({
            "ConditionExpression": "attribute_not_exists(pk)",
            "ExpressionAttributeValues": { ":n": number(1) },
        })),
        with(json!({
            "ConditionExpression": "attribute_not_exists(pk)",
            "ExpressionAttributeNames": { "#n": "n" },
        })),
        with(json!({
            "ConditionExpression": "attribute_not_exists(pk) OR n = :n",
            "ExpressionAttributeValues": { ":n": number(1), ":m": number(1), ":o": number(1) },
        })),
        with(json!({ "ConditionExpression": "n = :n", "ExpressionAttributeValues": {} })),
        with(json!({ "ConditionExpression": "#n = #n", "ExpressionAttributeNames": {} })),
        with(
            json!({ "ConditionExpression": "n = :n", "ExpressionAttributeValues": { "n": number(1) } }),
        ),
        with(
            json!({ "ConditionExpression": "n = :n", "ExpressionAttributeValues": { ":n": { "N": "x" } } }),
        ),
        with(
            json!({ "ConditionExpression": "n = :n", "ExpressionAttributeValues": { ":n": { "SS": [] } } }),
        ),
        with(json!({ "ConditionExpression": "n = :n", "ExpressionAttributeValues": { ":n": {} } })),
        with(
            json!({ "ConditionExpression": "attribute_exists(#n)", "ExpressionAttributeNames": { "#n": "" } }),
        ),
        with(
            json!({ "ConditionExpression": "attribute_exists(#n)", "ExpressionAttributeNames": { "n": "n" } }),
        ),
    ]
}

fn returned() -> Vec<Request> {
    let refused = |operation, member: &str, more: Value| {
        let write = json!({
            "TableName": PLAIN,
            member: key("a", "1"),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        });
        Request::new(operation, &super::merged(write, more))
    };
    let absent = json!({
        "TableName": PLAIN,
        "Key": key("a", "2"),
        "ConditionExpression": "attribute_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let old = |operation, member: &str| {
        let write = json!({ "TableName": PLAIN, member: key("a", "1"), "ReturnValues": "ALL_OLD" });
        Request::new(operation, &write)
    };
    vec![
        put(PLAIN, &item("a", "1", json!({ "n": number(1) }))),
        refused("PutItem", "Item", json!({})),
        refused(
            "PutItem",
            "Item",
            json!({ "ReturnValuesOnConditionCheckFailure": "NONE" }),
        ),
        refused(
            "UpdateItem",
            "Key",
            json!({ "UpdateExpression": "REMOVE n" }),
        ),
        refused("DeleteItem", "Key", json!({})),
        Request::new("DeleteItem", &absent),
        old("PutItem", "Item"),
        old("PutItem", "Item"),
        old("DeleteItem", "Key"),
        old("DeleteItem", "Key"),
        get(PLAIN, &key("a", "1")),
    ]
}

/// Values of types that an operator does not support.
fn operators() -> Vec<Request> {
    let wrong = [
        ("n < :v", json!({ "BOOL": true })),
        ("n < :v", json!({ "NULL": true })),
        ("n < :v", json!({ "SS": ["a"] })),
        ("n < :v", json!({ "L": [] })),
        ("n < :v", json!({ "B": "AQ==" })),
        ("n = :v", json!({ "BOOL": true })),
        ("n = :v", json!({ "M": { "a": number("1.0") } })),
        ("size(:v) = n", text("a")),
    ];
    let put = |(condition, value): &(&str, Value)| {
        let put = json!({
            "TableName": PLAIN,
            "Item": key("a", "1"),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": { ":v": value },
        });
        Request::new("PutItem", &put)
    };
    wrong.iter().map(put).collect()
}
