//! Indexes as they were a while ago.

use std::collections::HashMap;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};

use super::Call;
use crate::answer;

/// The last answer to each query of an index, by the request's JSON: by its
/// value, since the SDK writes the members of a map in any order.
#[derive(Debug, Default)]
pub(super) struct LateIndexes {
    answers: HashMap<Value, Vec<u8>>,
}

impl LateIndexes {
    /// Whether a request reads an index, which on AWS lags behind its table.
    pub(super) fn concern(call: Call<'_>) -> bool {
        call.operation == "Query" && call.index().is_some()
    }

    pub(super) fn record(&mut self, call: Call<'_>, answer: &[u8]) {
        self.answers.insert(call.body.clone(), answer.to_vec());
    }

    /// The recorded answer; an index that was never asked is as late as its
    /// creation.
    pub(super) fn answer(&self, call: Call<'_>) -> HttpResponse {
        let body = self
            .answers
            .get(call.body)
            .cloned()
            .unwrap_or_else(|| empty_page(call.body).to_string().into_bytes());
        answer::success(body)
    }
}

/// An empty page costs the least a query can.
fn empty_page(query: &Value) -> Value {
    let mut page = json!({ "Items": [], "Count": 0, "ScannedCount": 0 });
    if query["ReturnConsumedCapacity"]
        .as_str()
        .is_some_and(|asked| asked != "NONE")
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
    fn the_same_query_is_known_in_any_order_of_its_members() {
        let one = json!({ "IndexName": "by_state", "Values": { ":from": 1, ":to": 2 } });
        let other = json!({ "Values": { ":to": 2, ":from": 1 }, "IndexName": "by_state" });
        let mut late = LateIndexes::default();
        late.record(query(&one), b"recorded");
        let answer = late.answer(query(&other));
        assert_eq!(answer.body().bytes(), Some(&b"recorded"[..]));
    }
}
