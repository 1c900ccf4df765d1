use serde_json::json;

use super::{
    PLAIN, POSTS, case, definitions, get, index, item, key, key_schema, put, separate, text,
};
use crate::request::{Case, Request};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("tables/describe", [describe(PLAIN), describe(POSTS)]),
        case("tables/create again", [create("RUN-plain")]),
        case("tables/describe an absent table", [describe("RUN-absent")]),
        case("tables/settings", settings()),
        case("tables/an index of existing items", new_index()),
        case(
            "tables/unknown operation",
            [Request::new("DescribeWeather", &json!({}))],
        ),
    ];
    cases.extend(separate("tables/use an absent table", &[], absent()));
    cases.extend(separate("tables/invalid creation", &[], invalid()));
    cases
}

fn describe(table: &str) -> Request {
    Request::new("DescribeTable", &json!({ "TableName": table }))
}

fn create(name: &str) -> Request {
    let create = json!({
        "TableName": name,
        "KeySchema": key_schema("pk", "sk"),
        "AttributeDefinitions": definitions(&["pk", "sk"]),
        "BillingMode": "PAY_PER_REQUEST",
    });
    Request::new("CreateTable", &create)
}

fn absent() -> Vec<Request> {
    let table = "RUN-absent";
    let values = json!({ ":pk": text("a") });
    vec![
        put(table, &key("a", "1")),
        get(table, &key("a", "1")),
        Request::new(
            "DeleteItem",
            &json!({ "TableName": table, "Key": key("a", "1") }),
        ),
        Request::new(
            "UpdateItem",
            &json!({ "TableName": table, "Key": key("a", "1"), "UpdateExpression": "REMOVE n" }),
        ),
        Request::new(
            "Query",
            &json!({ "TableName": table, "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values }),
        ),
        Request::new("Scan", &json!({ "TableName": table })),
        Request::new(
            "BatchGetItem",
            &json!({ "RequestItems": { table: { "Keys": [key("a", "1")] } } }),
        ),
        Request::new(
            "BatchWriteItem",
            &json!({ "RequestItems": { table: [{ "PutRequest": { "Item": key("a", "1") } }] } }),
        ),
        Request::new(
            "TransactWriteItems",
            &json!({ "TransactItems": [{ "Put": { "TableName": table, "Item": key("a", "1") } }] }),
        ),
        Request::new(
            "UpdateTable",
            &json!({ "TableName": table, "DeletionProtectionEnabled": true }),
        ),
        Request::new("DescribeTimeToLive", &json!({ "TableName": table })),
    ]
}

fn settings() -> Vec<Request> {
    let protection = |on| {
        let update = json!({ "TableName": PLAIN, "DeletionProtectionEnabled": on });
        Request::new("UpdateTable", &update)
    };
    let ttl = |on| {
        let specification = json!({ "AttributeName": "expires_at", "Enabled": on });
        let update = json!({ "TableName": PLAIN, "TimeToLiveSpecification": specification });
        Request::new("UpdateTimeToLive", &update)
    };
    let describe_ttl = || Request::new("DescribeTimeToLive", &json!({ "TableName": PLAIN }));
    vec![
        protection(true),
        describe(PLAIN),
        protection(false),
        describe(PLAIN),
        describe_ttl(),
        ttl(true),
        describe_ttl(),
    ]
}

fn new_index() -> Vec<Request> {
    let indexed = |pk: &str, shard: &str| {
        item(
            pk,
            "META",
            json!({ "updated_shard": text(shard), "updated_key": text(pk) }),
        )
    };
    let update = json!({
        "TableName": POSTS,
        "AttributeDefinitions": definitions(&["updated_shard", "updated_key"]),
        "GlobalSecondaryIndexUpdates": [{ "Create": index("by_updated", "updated_shard", "updated_key") }],
    });
    let query = json!({
        "TableName": POSTS,
        "IndexName": "by_updated",
        "KeyConditionExpression": "updated_shard = :shard",
        "ExpressionAttributeValues": { ":shard": text("0") },
        "ReturnConsumedCapacity": "TOTAL",
    });
    vec![
        put(POSTS, &indexed("a", "0")),
        put(POSTS, &indexed("b", "1")),
        put(POSTS, &indexed("c", "0")),
        Request::new("UpdateTable", &update),
        Request::new("Query", &query),
        put(POSTS, &indexed("b", "0")),
        Request::new("Query", &query),
    ]
}

fn invalid() -> Vec<Request> {
    let table = |name: &str, keys, definitions| {
        let create = json!({
            "TableName": name,
            "KeySchema": keys,
            "AttributeDefinitions": definitions,
            "BillingMode": "PAY_PER_REQUEST",
        });
        Request::new("CreateTable", &create)
    };
    vec![
        table("RUN-x", key_schema("pk", "sk"), definitions(&["pk"])),
        table(
            "RUN-x",
            key_schema("pk", "sk"),
            definitions(&["pk", "sk", "more"]),
        ),
        table("RUN-x", key_schema("pk", "pk"), definitions(&["pk"])),
        table("x", key_schema("pk", "sk"), definitions(&["pk", "sk"])),
        table("RUN x", key_schema("pk", "sk"), definitions(&["pk", "sk"])),
    ]
}
