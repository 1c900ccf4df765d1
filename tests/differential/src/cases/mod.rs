//! The requests that all engines must answer in the same way.

mod batches;
mod conditions;
mod limits;
mod numbers;
mod queries;
mod random;
mod tables;
mod taken_over;
mod transactions;
mod updates;
mod values;

use serde_json::{Value, json};

pub(crate) use self::random::random;
pub(crate) use self::taken_over::taken_over;
use crate::request::{Case, Request};

/// A table without indexes.
const PLAIN: &str = "RUN-plain";

/// A table with the two kinds of index of the table `posts`.
const POSTS: &str = "RUN-posts";

/// The cases that are written by hand.
pub(crate) fn fixed() -> Vec<Case> {
    [
        tables::cases(),
        values::cases(),
        numbers::cases(),
        limits::cases(),
        conditions::cases(),
        updates::cases(),
        queries::cases(),
        batches::cases(),
        transactions::cases(),
    ]
    .concat()
}

/// A case that first creates both tables.
fn case(name: &str, requests: impl IntoIterator<Item = Request>) -> Case {
    let created = [create_plain(), create_posts()];
    Case {
        name: name.to_owned(),
        requests: created.into_iter().chain(requests).collect(),
    }
}

/// One case for each of `requests`, after the same `setup`. An engine that answers one of them differently still
/// answers the others.
fn separate(name: &str, setup: &[Request], requests: Vec<Request>) -> Vec<Case> {
    let cases = requests.into_iter().enumerate().map(|(at, request)| {
        let requests = setup.iter().cloned().chain([request]);
        case(&format!("{name} {at}"), requests)
    });
    cases.collect()
}

fn create_plain() -> Request {
    let create = json!({
        "TableName": PLAIN,
        "KeySchema": key_schema("pk", "sk"),
        "AttributeDefinitions": definitions(&["pk", "sk"]),
        "BillingMode": "PAY_PER_REQUEST",
    });
    Request::new("CreateTable", &create)
}

fn create_posts() -> Request {
    let names = ["created_key", "owner_key", "pk", "sk", "state_key"];
    let create = json!({
        "TableName": POSTS,
        "KeySchema": key_schema("pk", "sk"),
        "AttributeDefinitions": definitions(&names),
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [
            index("by_state", "state_key", "created_key"),
            index("by_owner", "owner_key", "created_key"),
        ],
    });
    Request::new("CreateTable", &create)
}

fn index(name: &str, hash: &str, range: &str) -> Value {
    json!({
        "IndexName": name,
        "KeySchema": key_schema(hash, range),
        "Projection": { "ProjectionType": "ALL" },
    })
}

fn key_schema(hash: &str, range: &str) -> Value {
    json!([
        { "AttributeName": hash, "KeyType": "HASH" },
        { "AttributeName": range, "KeyType": "RANGE" },
    ])
}

fn definitions(names: &[&str]) -> Value {
    let definition = |name| json!({ "AttributeName": name, "AttributeType": "S" });
    names.iter().map(definition).collect()
}

fn text(value: &str) -> Value {
    json!({ "S": value })
}

fn number(value: impl ToString) -> Value {
    json!({ "N": value.to_string() })
}

fn key(pk: &str, sk: &str) -> Value {
    json!({ "pk": text(pk), "sk": text(sk) })
}

/// An item with the members of `attributes`, which must be an object.
fn item(pk: &str, sk: &str, attributes: Value) -> Value {
    merged(key(pk, sk), attributes)
}

/// The members of both objects.
fn merged(mut first: Value, second: Value) -> Value {
    if let (Value::Object(first), Value::Object(second)) = (&mut first, second) {
        first.extend(second);
    }
    first
}

fn put(table: &str, item: &Value) -> Request {
    Request::new(
        "PutItem",
        &json!({ "TableName": table, "Item": item, "ReturnConsumedCapacity": "TOTAL" }),
    )
}

fn get(table: &str, key: &Value) -> Request {
    let get = json!({
        "TableName": table,
        "Key": key,
        "ConsistentRead": true,
        "ReturnConsumedCapacity": "TOTAL",
    });
    Request::new("GetItem", &get)
}

/// An update that returns the new item.
fn update(table: &str, key: &Value, expression: &str, rest: Value) -> Request {
    let update = json!({
        "TableName": table,
        "Key": key,
        "UpdateExpression": expression,
        "ReturnValues": "ALL_NEW",
        "ReturnConsumedCapacity": "TOTAL",
    });
    Request::new("UpdateItem", &merged(update, rest))
}
