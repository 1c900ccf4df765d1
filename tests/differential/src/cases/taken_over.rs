use serde_json::json;

use super::{PLAIN, POSTS, random, text};
use crate::request::{Case, Request};

/// Reads all data of the case [`random`] of this seed, and continues with the requests of another seed.
pub(crate) fn taken_over(seed: u64) -> Case {
    let further = random(seed + 1_000_000).requests;
    let further = further
        .into_iter()
        .filter(|request| request.operation != "CreateTable");
    Case {
        name: format!("taken over/{seed}"),
        requests: reads().into_iter().chain(further).collect(),
    }
}

fn reads() -> Vec<Request> {
    let mut reads = Vec::new();
    for table in [PLAIN, POSTS] {
        let table = json!({ "TableName": table });
        reads.push(Request::new("DescribeTable", &table));
        reads.push(Request::new("DescribeTimeToLive", &table));
        reads.push(Request::new("Scan", &table).every_page());
    }
    for (index, attribute) in [("by_state", "state_key"), ("by_owner", "owner_key")] {
        for value in ["x", "y"] {
            let query = json!({
                "TableName": POSTS,
                "IndexName": index,
                "KeyConditionExpression": "#pk = :pk",
                "ExpressionAttributeNames": { "#pk": attribute },
                "ExpressionAttributeValues": { ":pk": text(value) },
                "ReturnConsumedCapacity": "TOTAL",
            });
            reads.push(Request::new("Query", &query).every_page());
        }
    }
    reads
}
