use serde_json::{Value, json};

use super::{PLAIN, POSTS, case, item, key, number, put, separate, text};
use crate::request::{Case, Request};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("queries/ranges", [items(), ranges()].concat()),
        case("queries/limits and cursors", [items(), cursors()].concat()),
        case("queries/indexes", [indexed(), of_index()].concat()),
        case("queries/scan", [indexed(), items(), scans()].concat()),
        case("queries/order of bytes", order()),
    ];
    cases.extend(separate("queries/invalid", &items(), invalid()));
    cases.extend(separate(
        "queries/invalid cursor",
        &indexed(),
        invalid_cursors(),
    ));
    cases
}

fn items() -> Vec<Request> {
    let sks = [
        "META", "REV#001", "REV#002", "REV#010", "SLUG#a", "é", "𝄞", "\u{ffff}",
    ];
    let put = |sk: &&str| put(PLAIN, &item("p", sk, json!({ "n": number(sk.len()) })));
    sks.iter()
        .map(put)
        .chain([super::put(PLAIN, &key("q", "META"))])
        .collect()
}

fn query(condition: &str, values: Value, rest: Value) -> Request {
    let query = json!({
        "TableName": PLAIN,
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ReturnConsumedCapacity": "TOTAL",
    });
    Request::new("Query", &super::merged(query, rest))
}

fn ranges() -> Vec<Request> {
    let one = [
        "pk = :pk AND sk = :a",
        "pk = :pk AND sk < :a",
        "pk = :pk AND sk <= :a",
        "pk = :pk AND sk > :a",
        "pk = :pk AND sk >= :a",
        "sk > :a AND pk = :pk",
        "(pk = :pk) AND (sk > :a)",
    ];
    let mut requests = Vec::new();
    for forward in [true, false] {
        let rest = json!({ "ScanIndexForward": forward });
        for condition in one {
            let values = json!({ ":pk": text("p"), ":a": text("REV#002") });
            requests.push(query(condition, values, rest.clone()));
        }
        for (first, last) in [
            ("REV#", "REV#~"),
            ("A", "Z"),
            ("REV#002", "REV#002"),
            ("z", "a"),
        ] {
            let values = json!({ ":pk": text("p"), ":a": text(first), ":b": text(last) });
            requests.push(query(
                "pk = :pk AND sk BETWEEN :a AND :b",
                values,
                rest.clone(),
            ));
        }
        requests.push(query("pk = :pk", json!({ ":pk": text("p") }), rest.clone()));
        requests.push(query("pk = :pk", json!({ ":pk": text("none") }), rest));
    }
    requests
}

fn cursors() -> Vec<Request> {
    let mut requests = Vec::new();
    for forward in [true, false] {
        for limit in 1..=9 {
            let rest = json!({ "Limit": limit, "ScanIndexForward": forward });
            let values = json!({ ":pk": text("p") });
            requests.push(query("pk = :pk", values.clone(), rest.clone()));
            requests.push(query("pk = :pk", values, rest).every_page());
        }
        for sk in ["META", "NONE", "REV#010", "\u{ffff}"] {
            let rest = json!({ "ScanIndexForward": forward, "ExclusiveStartKey": key("p", sk) });
            requests.push(query("pk = :pk", json!({ ":pk": text("p") }), rest));
        }
    }
    requests
}

fn indexed() -> Vec<Request> {
    let post = |pk: &str, state: &str, created: &str| {
        let keys = json!({ "state_key": text(state), "created_key": text(created), "body": text(&"x".repeat(300)) });
        put(POSTS, &item(pk, "META", keys))
    };
    vec![
        post("a", "draft", "1"),
        post("b", "draft", "2"),
        post("c", "draft", "2"),
        post("d", "draft", "2"),
        post("e", "public", "3"),
        post("f", "draft", "4"),
        post("a", "public", "1"),
        put(POSTS, &key("a", "REV#1")),
        put(
            POSTS,
            &item("b", "REV#1", json!({ "state_key": text("draft") })),
        ),
    ]
}

fn query_index(rest: Value) -> Request {
    let query = json!({
        "TableName": POSTS,
        "IndexName": "by_state",
        "KeyConditionExpression": "#pk = :pk",
        "ExpressionAttributeNames": { "#pk": "state_key" },
        "ExpressionAttributeValues": { ":pk": text("draft") },
        "ReturnConsumedCapacity": "TOTAL",
    });
    Request::new("Query", &super::merged(query, rest))
}

fn of_index() -> Vec<Request> {
    let mut requests = Vec::new();
    for forward in [true, false] {
        requests.push(query_index(json!({ "ScanIndexForward": forward })));
        for limit in [1, 2, 3] {
            let rest = json!({ "ScanIndexForward": forward, "Limit": limit });
            requests.push(query_index(rest.clone()).every_page());
        }
        for limit in [4, 5] {
            requests.push(query_index(
                json!({ "ScanIndexForward": forward, "Limit": limit }),
            ));
        }
    }
    let capacity = json!({ "ReturnConsumedCapacity": "INDEXES" });
    requests.push(query_index(capacity));
    requests.push(query_index(json!({ "ConsistentRead": true })));
    requests.push(query_index(json!({ "IndexName": "by_nothing" })));
    requests
}

fn invalid() -> Vec<Request> {
    let values = || json!({ ":pk": text("p"), ":a": text("a") });
    let conditions = [
        "",
        "pk",
        "pk <> :pk AND sk = :a",
        "pk > :pk AND sk = :a",
        "pk = :pk OR sk = :a",
        "pk = :pk AND sk <> :a",
        "pk = :pk AND NOT sk = :a",
        "pk = :pk AND n = :a",
        "sk = :a AND n = :pk",
        "pk = :pk AND pk = :a",
        "pk = :pk AND sk > :a AND sk < :pk",
        "pk = :pk AND sk BETWEEN :a",
        "pk = :pk AND sk = :absent AND sk = :a",
        "pk = :pk AND attribute_exists(sk) AND sk = :a",
    ];
    let mut requests: Vec<_> = conditions
        .iter()
        .map(|condition| query(condition, values(), json!({})))
        .collect();
    requests.push(query("pk = :pk", values(), json!({})));
    requests.push(query("sk = :pk", json!({ ":pk": text("p") }), json!({})));
    requests.push(query("pk = :pk", json!({ ":pk": number(1) }), json!({})));
    requests.push(query("pk = :pk", json!({ ":pk": text("") }), json!({})));
    requests.push(query(
        "pk = :pk AND sk > :a",
        json!({ ":pk": text("p"), ":a": text("") }),
        json!({}),
    ));
    requests.push(query(
        "pk = :pk AND sk > :a",
        json!({ ":pk": text("p"), ":a": number(1) }),
        json!({}),
    ));
    requests.push(query("#pk = :pk", json!({ ":pk": text("p") }), json!({})));
    requests
}

fn invalid_cursors() -> Vec<Request> {
    let values = || json!({ ":pk": text("a") });
    let cursors = [
        json!({}),
        json!({ "pk": text("a") }),
        key("b", "META"),
        json!({ "pk": text("a"), "sk": number(1) }),
        item("a", "META", json!({ "n": number(1) })),
    ];
    let mut requests: Vec<_> = cursors
        .iter()
        .map(|cursor| query("pk = :pk", values(), json!({ "ExclusiveStartKey": cursor })))
        .collect();
    let position = |state: &str| {
        item(
            "c",
            "META",
            json!({ "state_key": text(state), "created_key": text("2") }),
        )
    };
    for cursor in [
        position("draft"),
        position("public"),
        key("c", "META"),
        position(""),
    ] {
        requests.push(query_index(json!({ "ExclusiveStartKey": cursor })));
    }
    requests
}

fn scans() -> Vec<Request> {
    let scan = |table: &str| {
        let scan = json!({ "TableName": table, "ReturnConsumedCapacity": "TOTAL" });
        Request::new("Scan", &scan)
    };
    vec![scan(PLAIN), scan(POSTS)]
}

fn order() -> Vec<Request> {
    let sks = [
        "a", "A", "b", "aa", "a\u{0}", "a b", "a-b", "a_b", "ä", "z", "~", "é", "\u{e000}", "😀",
        "0", "10", "2",
    ];
    let mut requests: Vec<_> = sks.iter().map(|sk| put(PLAIN, &key("o", sk))).collect();
    requests.push(query("pk = :pk", json!({ ":pk": text("o") }), json!({})));
    requests
}
