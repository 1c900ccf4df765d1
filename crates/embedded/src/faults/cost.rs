use serde_json::Value;

/// The requests sent through a wire and the capacity that they consumed.
///
/// Units are read from responses, so a request counts only if it set `ReturnConsumedCapacity`.
/// DynamoDB does not report the units of a rejected request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WireCost {
    /// Number of requests, including retries and rejected ones.
    pub requests: u64,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
    /// The operation of each request, in the order they were sent.
    pub operations: Vec<String>,
}

impl WireCost {
    pub(super) fn record_request(&mut self, operation: &str) {
        self.requests += 1;
        self.operations.push(operation.to_owned());
    }

    pub(super) fn record_response(&mut self, operation: &str, response: &Value) {
        let units = capacity_units(&response["ConsumedCapacity"]);
        match operation {
            "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems" => {
                self.read_units += units;
            }
            _ => self.write_units += units,
        }
    }
}

/// An operation on one table returns an object; one on several tables returns a list.
fn capacity_units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(capacity_units).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or_default(),
    }
}
