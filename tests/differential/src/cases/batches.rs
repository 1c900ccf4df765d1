use serde_json::{Value, json};

use super::{PLAIN, POSTS, case, item, key, number, put, separate, text};
use crate::request::{Case, Request};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![case("batches/write and read", write_and_read())];
    cases.extend(separate("batches/invalid write", &[], invalid_writes()));
    cases.extend(separate("batches/invalid read", &[], invalid_reads()));
    cases
}

fn put_entry(item: &Value) -> Value {
    json!({ "PutRequest": { "Item": item } })
}

fn delete_entry(key: &Value) -> Value {
    json!({ "DeleteRequest": { "Key": key } })
}

fn write(requests: &Value) -> Request {
    Request::new(
        "BatchWriteItem",
        &json!({ "RequestItems": requests, "ReturnConsumedCapacity": "TOTAL" }),
    )
}

fn read(tables: &Value) -> Request {
    Request::new(
        "BatchGetItem",
        &json!({ "RequestItems": tables, "ReturnConsumedCapacity": "TOTAL" }),
    )
}

fn write_and_read() -> Vec<Request> {
    let post = |pk: &str, state: &str| {
        item(
            pk,
            "META",
            json!({ "state_key": text(state), "created_key": text("1") }),
        )
    };
    vec![
        put(
            PLAIN,
            &item("a", "1", json!({ "body": text(&"x".repeat(3_000)) })),
        ),
        write(&json!({
            PLAIN: [put_entry(&item("b", "1", json!({ "n": number(1) }))), delete_entry(&key("a", "1")), delete_entry(&key("none", "1"))],
            POSTS: [put_entry(&post("a", "draft")), put_entry(&post("b", "draft"))],
        })),
        write(
            &json!({ POSTS: [put_entry(&post("a", "public")), delete_entry(&key("b", "META"))] }),
        ),
        read(&json!({
            PLAIN: { "Keys": [key("a", "1"), key("b", "1")], "ConsistentRead": true },
            POSTS: { "Keys": [key("a", "META"), key("b", "META")] },
        })),
        read(&json!({ PLAIN: { "Keys": [key("none", "1")] } })),
    ]
}

fn invalid_writes() -> Vec<Request> {
    let twice = [put_entry(&key("a", "1")), put_entry(&key("a", "1"))];
    let both = [put_entry(&key("a", "1")), delete_entry(&key("a", "1"))];
    let double = json!({ "PutRequest": { "Item": key("a", "1") }, "DeleteRequest": { "Key": key("a", "2") } });
    vec![
        write(&json!({ PLAIN: twice })),
        write(&json!({ PLAIN: both })),
        write(&json!({ PLAIN: [double] })),
        write(&json!({ PLAIN: [{}] })),
        write(&json!({ PLAIN: [] })),
        write(&json!({ PLAIN: [put_entry(&json!({ "pk": text("a") }))] })),
        write(&json!({ PLAIN: [put_entry(&key("a", ""))] })),
        write(&json!({ PLAIN: [put_entry(&item("a", "1", json!({ "s": { "SS": [] } })))] })),
        write(&json!({ PLAIN: [delete_entry(&item("a", "1", json!({ "n": number(1) })))] })),
        write(
            &json!({ PLAIN: [put_entry(&item("a", "1", json!({ "body": text(&"x".repeat(409_600)) })))] }),
        ),
    ]
}

fn invalid_reads() -> Vec<Request> {
    vec![
        read(&json!({ PLAIN: { "Keys": [key("a", "1"), key("a", "1")] } })),
        read(&json!({ PLAIN: { "Keys": [] } })),
        read(&json!({ PLAIN: {} })),
        read(&json!({ PLAIN: { "Keys": [{ "pk": text("a") }] } })),
        read(&json!({ PLAIN: { "Keys": [key("a", "")] } })),
        read(&json!({ PLAIN: { "Keys": [item("a", "1", json!({ "n": number(1) }))] } })),
    ]
}
