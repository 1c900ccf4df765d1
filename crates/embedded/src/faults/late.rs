//! Indexes as they were a while ago.

use std::collections::HashMap;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Value, json};

use super::Call;
use crate::answer;

/// The last answer to each query of an index, by the request's JSON.
#[derive(Debug, Default)]
pub(super) struct LateIndexes {
    answers: HashMap<String, Vec<u8>>,
}

impl LateIndexes {
    /// Whether a request reads an index, which on AWS lags behind its table.
    pub(super) fn concern(call: Call<'_>) -> bool {
        call.operation == "Query" && call.index().is_some()
    }

    pub(super) fn record(&mut self, call: Call<'_>, answer: &[u8]) {
        self.answers.insert(call.body.to_string(), answer.to_vec());
    }

    /// The recorded answer; an index that was never asked is as late as its
    /// creation.
    pub(super) fn answer(&self, call: Call<'_>) -> HttpResponse {
        let body = self
            .answers
            .get(&call.body.to_string())
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
