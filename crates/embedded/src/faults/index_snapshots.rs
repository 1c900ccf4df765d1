//! Serves outdated responses to queries of an index.

use std::collections::HashMap;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};

use super::Call;
use crate::response;

/// The last response to each query of an index. The key is the parsed request, because the SDK writes
/// the members of a map in any order.
#[derive(Debug, Default)]
pub(super) struct IndexSnapshots {
    responses: HashMap<Value, Vec<u8>>,
}

impl IndexSnapshots {
    /// Whether a request reads an index. On AWS an index lags behind its table.
    pub(super) fn apply_to(call: Call<'_>) -> bool {
        call.operation == "Query" && call.index().is_some()
    }

    pub(super) fn record(&mut self, call: Call<'_>, response: &[u8]) {
        self.responses.insert(call.body.clone(), response.to_vec());
    }

    /// Returns the recorded response, or an empty page if the query was never sent before.
    pub(super) fn response(&self, call: Call<'_>) -> HttpResponse {
        let body = self
            .responses
            .get(call.body)
            .cloned()
            .unwrap_or_else(|| empty_page(call.body).to_string().into_bytes());
        response::success(body)
    }
}

/// An empty page consumes 0.5 units, the minimum of a query.
fn empty_page(query: &Value) -> Value {
    let mut page = json!({ "Items": [], "Count": 0, "ScannedCount": 0 });
    if query["ReturnConsumedCapacity"]
        .as_str()
        .is_some_and(|requested| requested != "NONE")
    {
        page["ConsumedCapacity"] = json!({ "TableName": query["TableName"], "CapacityUnits": 0.5 });
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(body: &Value) -> Call<'_> {
        Call {
            operation: "Query",
            body,
            nth: 1,
        }
    }

    #[test]
    fn a_query_is_recognised_in_any_order_of_its_members() {
        let one = json!({ "IndexName": "by_state", "Values": { ":from": 1, ":to": 2 } });
        let other = json!({ "Values": { ":to": 2, ":from": 1 }, "IndexName": "by_state" });
        let mut snapshots = IndexSnapshots::default();
        snapshots.record(query(&one), b"recorded");
        let response = snapshots.response(query(&other));
        assert_eq!(response.body().bytes(), Some(&b"recorded"[..]));
    }
}
