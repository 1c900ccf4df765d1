use serde_json::{Value, json};

use super::{PLAIN, case, get, item, key, number, put, separate, text, update};
use crate::request::{Case, Request};

/// Most bytes of an item.
const ITEM: usize = 400 * 1024;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("limits/item", item_sizes()),
        case("limits/item that grows", growth()),
        case("limits/query pages", pages()),
        case("limits/batch of large items", large_batch()),
    ];
    cases.extend(separate("limits/key", &[], key_sizes()));
    cases.extend(separate("limits/nesting", &[], nesting()));
    cases.extend(separate("limits/expression", &[], expressions()));
    cases.extend(separate("limits/batch", &[], batches()));
    cases.extend(separate("limits/transaction", &[], transactions()));
    let (items, queries) = query_limits();
    cases.extend(separate("limits/query limit", &items, queries));
    cases
}

fn sized(sk: &str, bytes: usize) -> Value {
    let frame = "pk".len() + "p".len() + "sk".len() + sk.len() + "body".len();
    item("p", sk, json!({ "body": text(&"x".repeat(bytes - frame)) }))
}

fn item_sizes() -> Vec<Request> {
    let mut requests: Vec<_> = [1_024, 1_025, 4_096, 4_097, ITEM]
        .into_iter()
        .flat_map(|bytes| [put(PLAIN, &sized("1", bytes)), get(PLAIN, &key("p", "1"))])
        .collect();
    requests.push(put(PLAIN, &sized("1", ITEM + 1)));
    requests
}

fn growth() -> Vec<Request> {
    let grow = json!({ "ExpressionAttributeValues": { ":v": text("xxx") } });
    vec![
        put(PLAIN, &sized("1", ITEM - 4)),
        update(PLAIN, &key("p", "1"), "SET m = :v", grow.clone()),
        update(PLAIN, &key("p", "1"), "SET more = :v", grow),
    ]
}

fn key_sizes() -> Vec<Request> {
    let long = |bytes| "k".repeat(bytes);
    let keys = [
        key(&long(2_048), "1"),
        key(&long(2_049), "1"),
        key("a", &long(1_024)),
        key("a", &long(1_025)),
        key("a", &"é".repeat(512)),
        key("a", &"é".repeat(513)),
    ];
    keys.iter()
        .flat_map(|key| [put(PLAIN, key), get(PLAIN, key)])
        .collect()
}

/// Lists in lists.
fn nested(depth: usize) -> Value {
    (0..depth).fold(text("x"), |inner, _| json!({ "L": [inner] }))
}

fn nesting() -> Vec<Request> {
    let put = |depth| put(PLAIN, &item("a", "1", json!({ "v": nested(depth) })));
    [30, 31, 32, 33].into_iter().map(put).collect()
}

fn expressions() -> Vec<Request> {
    let put = |condition: String| {
        let put = json!({
            "TableName": PLAIN,
            "Item": key("a", "1"),
            "ConditionExpression": condition,
        });
        Request::new("PutItem", &put)
    };
    let padded = |length: usize| format!("attribute_not_exists(n{})", "n".repeat(length - 23));
    let many = |count: usize| vec!["attribute_not_exists(n)"; count].join(" AND ");
    vec![
        put(padded(250)),
        put(padded(4_096)),
        put(padded(4_097)),
        put(many(150)),
        put(many(160)),
    ]
}

fn batches() -> Vec<Request> {
    let writes = |count: usize| {
        let write = |at| json!({ "PutRequest": { "Item": key("batch", &format!("{at:03}")) } });
        let writes: Vec<_> = (0..count).map(write).collect();
        Request::new(
            "BatchWriteItem",
            &json!({ "RequestItems": { PLAIN: writes } }),
        )
    };
    let reads = |count: usize| {
        let keys: Vec<_> = (0..count)
            .map(|at| key("batch", &format!("{at:03}")))
            .collect();
        Request::new(
            "BatchGetItem",
            &json!({ "RequestItems": { PLAIN: { "Keys": keys } } }),
        )
    };
    vec![writes(25), writes(26), reads(100), reads(101)]
}

fn transactions() -> Vec<Request> {
    let puts = |count: usize, bytes: usize| {
        let put = |at| json!({ "Put": { "TableName": PLAIN, "Item": sized(&format!("{at:03}"), bytes) } });
        let items: Vec<_> = (0..count).map(put).collect();
        Request::new("TransactWriteItems", &json!({ "TransactItems": items }))
    };
    vec![
        puts(100, 100),
        puts(101, 100),
        puts(10, ITEM),
        puts(11, ITEM),
    ]
}

fn pages() -> Vec<Request> {
    let mut requests: Vec<_> = (0..12)
        .map(|at| put(PLAIN, &sized(&format!("{at:03}"), 100_000)))
        .collect();
    let query = |forward: bool| {
        let query = json!({
            "TableName": PLAIN,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": text("p") },
            "ScanIndexForward": forward,
            "ReturnConsumedCapacity": "TOTAL",
        });
        Request::new("Query", &query)
    };
    requests.extend([
        query(true),
        query(false),
        query(true).every_page(),
        query(false).every_page(),
    ]);
    requests.push(Request::new("Scan", &json!({ "TableName": PLAIN })).every_page());
    requests
}

fn large_batch() -> Vec<Request> {
    let mut requests: Vec<_> = (0..45)
        .map(|at| put(PLAIN, &sized(&format!("{at:03}"), ITEM)))
        .collect();
    let keys: Vec<_> = (0..45).map(|at| key("p", &format!("{at:03}"))).collect();
    let read = json!({
        "RequestItems": { PLAIN: { "Keys": keys } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    requests.push(Request::new("BatchGetItem", &read));
    requests
}

fn query_limits() -> (Vec<Request>, Vec<Request>) {
    let mut queries = Vec::new();
    let items: Vec<_> = (0..3)
        .map(|at| {
            put(
                PLAIN,
                &item("p", &at.to_string(), json!({ "n": number(at) })),
            )
        })
        .collect();
    for limit in [-1, 0, 1, 2, 3, 4, 2_147_483_647] {
        let query = json!({
            "TableName": PLAIN,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": text("p") },
            "Limit": limit,
        });
        queries.push(Request::new("Query", &query));
    }
    (items, queries)
}
