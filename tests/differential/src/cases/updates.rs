use serde_json::{Value, json};

use super::{PLAIN, case, get, item, key, number, put, text};
use crate::request::{Case, Request};

const VALID: [&str; 20] = [
    "SET n = :n",
    "SET n = :n, s = :s",
    "SET #name = :s",
    "SET fresh = n",
    "SET n = s, s = n",
    "REMOVE n",
    "REMOVE n, s",
    "REMOVE absent",
    "ADD n :n",
    "ADD fresh :n",
    "ADD tags :tags",
    "ADD fresh :tags",
    "DELETE tags :tags",
    "DELETE tags :all",
    "DELETE absent :tags",
    "SET s = :s ADD n :n",
    "SET s = :s REMOVE fresh ADD n :n",
    "SET s = :s REMOVE n ADD fresh :n DELETE tags :tags",
    "set s = :s remove n",
    "ADD n :n, fresh :n",
];

const INVALID: [&str; 30] = [
    "SET",
    "SET ((",
    "SET n",
    "SET n =",
    "SET n = absent",
    "SET n = :n,",
    "SET n = :n SET s = :s",
    "SET n = :n, n = :n",
    "SET n = :n REMOVE n",
    "SET n = :n ADD n :n",
    "SET pk = :s",
    "SET sk = :s",
    "REMOVE pk",
    "ADD sk :n",
    "ADD s :n",
    "ADD n :tags",
    "ADD tags :n",
    "ADD n :s",
    "ADD flag :n",
    "DELETE n :n",
    "DELETE n :tags",
    "DELETE tags :n",
    "DELETE tags :numbers",
    "ADD tags :numbers",
    "REMOVE :n",
    "SET :n = :n",
    "SET status = :n",
    "SET n = :absent",
    "SET #absent = :n",
    "MAKE n = :n",
];

pub(super) fn cases() -> Vec<Case> {
    let valid = VALID
        .iter()
        .map(|expression| on_an_item("valid", expression));
    let invalid = INVALID
        .iter()
        .map(|expression| on_an_item("invalid", expression));
    let mut cases: Vec<_> = valid.chain(invalid).collect();
    cases.push(case("updates/returned values", returned()));
    cases.push(case(
        "updates/an update that only creates",
        [creation(), get(PLAIN, &key("a", "1"))],
    ));
    cases.push(case("updates/condition and update share values", shared()));
    cases
}

fn values(expression: &str) -> Option<Value> {
    let known = [
        (":n", number("2.5")),
        (":s", text("new")),
        (":tags", json!({ "SS": ["b", "c"] })),
        (":all", json!({ "SS": ["a", "b"] })),
        (":numbers", json!({ "NS": ["1"] })),
    ];
    let used = known
        .into_iter()
        .filter(|(name, _)| expression.split([' ', ',']).any(|word| word == *name));
    let used: serde_json::Map<_, _> = used.map(|(name, value)| (name.to_owned(), value)).collect();
    (!used.is_empty()).then(|| used.into())
}

/// Updates an existing item, and an absent one.
fn on_an_item(kind: &str, expression: &str) -> Case {
    let stored = json!({
        "n": number(5),
        "s": text("old"),
        "flag": { "BOOL": true },
        "tags": { "SS": ["a", "b"] },
    });
    let mut rest = json!({});
    if let Some(values) = values(expression) {
        rest["ExpressionAttributeValues"] = values;
    }
    if expression.contains("#name") {
        rest["ExpressionAttributeNames"] = json!({ "#name": "name" });
    }
    let update = |sk| super::update(PLAIN, &key("a", sk), expression, rest.clone());
    case(
        &format!("updates/{kind} {expression:?}"),
        [
            put(PLAIN, &item("a", "1", stored)),
            update("1"),
            update("2"),
            get(PLAIN, &key("a", "2")),
        ],
    )
}

fn returned() -> Vec<Request> {
    let update = |returned: &str, sk: &str| {
        let update = json!({
            "TableName": PLAIN,
            "Key": key("a", sk),
            "UpdateExpression": "SET n = :n REMOVE s",
            "ExpressionAttributeValues": { ":n": number(1) },
            "ReturnValues": returned,
        });
        Request::new("UpdateItem", &update)
    };
    let stored = item("a", "1", json!({ "s": text("x"), "other": number(3) }));
    ["NONE", "ALL_OLD", "ALL_NEW", "SOME"]
        .into_iter()
        .flat_map(|returned| {
            [
                put(PLAIN, &stored),
                update(returned, "1"),
                update(returned, returned),
            ]
        })
        .collect()
}

fn creation() -> Request {
    Request::new(
        "UpdateItem",
        &json!({ "TableName": PLAIN, "Key": key("a", "1"), "ReturnValues": "ALL_NEW" }),
    )
}

fn shared() -> Vec<Request> {
    let rest = json!({
        "ConditionExpression": "attribute_not_exists(lease_until) OR lease_until < :now OR holder = :run",
        "ExpressionAttributeValues": { ":run": text("r"), ":now": text("5"), ":until": text("9"), ":one": number(1) },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let expression = "SET holder = :run, lease_until = :until ADD fence :one";
    let take = || super::update(PLAIN, &key("LOCK", "LOCK"), expression, rest.clone());
    vec![take(), take(), get(PLAIN, &key("LOCK", "LOCK"))]
}
