use serde_json::{Value, json};

use super::{PLAIN, POSTS, case, get, item, key, number, put, separate, text};
use crate::request::{Case, Request};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("transactions/all kinds", all_kinds()),
        case("transactions/reasons", reasons()),
        case("transactions/capacity", capacity()),
        case("transactions/tokens", tokens()),
        case("transactions/failing updates", failing_updates()),
    ];
    cases.extend(separate("transactions/doubled target", &[], doubled()));
    cases.extend(separate("transactions/invalid item", &[], invalid()));
    cases
}

fn transact(items: &[Value], rest: Value) -> Request {
    let write = json!({ "TransactItems": items, "ReturnConsumedCapacity": "TOTAL" });
    Request::new("TransactWriteItems", &super::merged(write, rest))
}

fn put_item(item: &Value) -> Value {
    json!({ "Put": { "TableName": PLAIN, "Item": item } })
}

fn put_new(item: &Value, returned: &str) -> Value {
    json!({ "Put": {
        "TableName": PLAIN,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": returned,
    } })
}

fn check(key: &Value, condition: &str) -> Value {
    json!({ "ConditionCheck": {
        "TableName": PLAIN,
        "Key": key,
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    } })
}

fn add(key: &Value, attribute: &str, by: Value) -> Value {
    json!({ "Update": {
        "TableName": PLAIN,
        "Key": key,
        "UpdateExpression": format!("ADD {attribute} :by"),
        "ExpressionAttributeValues": { ":by": by },
    } })
}

fn delete(key: &Value) -> Value {
    json!({ "Delete": { "TableName": PLAIN, "Key": key } })
}

fn all_kinds() -> Vec<Request> {
    vec![
        put(PLAIN, &item("old", "1", json!({ "n": number(1) }))),
        transact(
            &[
                put_new(&item("new", "1", json!({ "n": number(2) })), "ALL_OLD"),
                add(&key("count", "1"), "posts", number(1)),
                delete(&key("old", "1")),
                check(&key("none", "1"), "attribute_not_exists(pk)"),
            ],
            json!({}),
        ),
        Request::new("Scan", &json!({ "TableName": PLAIN })),
    ]
}

fn reasons() -> Vec<Request> {
    vec![
        put(PLAIN, &item("a", "1", json!({ "n": number(1) }))),
        put(PLAIN, &item("b", "1", json!({ "n": number(2) }))),
        transact(
            &[
                put_item(&key("c", "1")),
                put_new(&key("a", "1"), "ALL_OLD"),
                put_new(&key("b", "1"), "NONE"),
                check(&key("none", "1"), "attribute_exists(pk)"),
                check(&key("none", "2"), "attribute_not_exists(pk)"),
            ],
            json!({}),
        ),
        get(PLAIN, &key("c", "1")),
        transact(
            &[check(
                &key("a", "1"),
                "attribute_exists(pk) AND attribute_exists(retired)",
            )],
            json!({}),
        ),
    ]
}

fn capacity() -> Vec<Request> {
    let post = |state: &str, bytes: usize| {
        let attributes = json!({ "state_key": text(state), "created_key": text("1"), "body": text(&"x".repeat(bytes)) });
        json!({ "Put": { "TableName": POSTS, "Item": item("a", "META", attributes) } })
    };
    let mut requests = Vec::new();
    for total in ["TOTAL", "INDEXES", "NONE"] {
        let rest = json!({ "ReturnConsumedCapacity": total });
        requests.push(transact(
            &[post("draft", 10), put_item(&key(total, "1"))],
            rest.clone(),
        ));
        requests.push(transact(
            &[
                post("draft", 2_000),
                check(&key(total, "1"), "attribute_exists(pk)"),
            ],
            rest.clone(),
        ));
        requests.push(transact(
            &[post("public", 10), delete(&key(total, "1"))],
            rest.clone(),
        ));
        requests.push(transact(
            &[json!({ "Delete": { "TableName": POSTS, "Key": key("a", "META") } })],
            rest,
        ));
    }
    requests
}

fn tokens() -> Vec<Request> {
    let once = |n: u32, token: &str| {
        transact(
            &[add(&key("a", "1"), "n", number(n))],
            json!({ "ClientRequestToken": token }),
        )
    };
    vec![
        once(1, "RUN-first"),
        once(1, "RUN-first"),
        once(2, "RUN-first"),
        get(PLAIN, &key("a", "1")),
        once(2, "RUN-second"),
        once(1, "RUN-second"),
        once(1, "RUN-first"),
        once(1, ""),
        once(1, "a token of more than thirty-six characters"),
        get(PLAIN, &key("a", "1")),
    ]
}

fn doubled() -> Vec<Request> {
    vec![
        transact(
            &[put_item(&key("a", "1")), put_item(&key("a", "1"))],
            json!({}),
        ),
        transact(
            &[
                put_item(&key("a", "1")),
                check(&key("a", "1"), "attribute_exists(pk)"),
            ],
            json!({}),
        ),
        transact(
            &[put_item(&key("a", "1")), put_item(&key("a", "2"))],
            json!({}),
        ),
    ]
}

fn invalid() -> Vec<Request> {
    let fine = put_item(&key("fine", "1"));
    let items = [
        put_item(&json!({ "pk": text("a") })),
        put_item(&key("a", "")),
        put_item(&item("a", "1", json!({ "s": { "SS": [] } }))),
        put_item(&item("a", "1", json!({ "n": number("x") }))),
        put_item(&item(
            "a",
            "1",
            json!({ "body": text(&"x".repeat(409_600)) }),
        )),
        delete(&json!({ "pk": text("a") })),
        add(&key("a", "1"), "pk", number(1)),
        add(&key("a", "1"), "n", text("x")),
        check(&key("a", "1"), "nonsense("),
        check(&key("a", "1"), "n = :absent"),
        json!({ "ConditionCheck": { "TableName": PLAIN, "Key": key("a", "1") } }),
        json!({ "Update": { "TableName": PLAIN, "Key": key("a", "1") } }),
        json!({}),
        json!({ "Put": { "TableName": PLAIN, "Item": key("a", "1") }, "Delete": { "TableName": PLAIN, "Key": key("a", "2") } }),
    ];
    items
        .iter()
        .map(|item| transact(&[fine.clone(), item.clone()], json!({})))
        .collect()
}

fn failing_updates() -> Vec<Request> {
    let fine = put_item(&key("fine", "1"));
    vec![
        put(
            PLAIN,
            &item("a", "1", json!({ "s": text("x"), "tags": { "SS": ["a"] } })),
        ),
        transact(
            &[fine.clone(), add(&key("a", "1"), "s", number(1))],
            json!({}),
        ),
        transact(
            &[fine.clone(), add(&key("a", "1"), "tags", number(1))],
            json!({}),
        ),
        transact(
            &[
                fine.clone(),
                add(&key("a", "1"), "tags", json!({ "NS": ["1"] })),
            ],
            json!({}),
        ),
        get(PLAIN, &key("fine", "1")),
    ]
}
