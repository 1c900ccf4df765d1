use serde_json::Value;

/// What a stretch of requests cost.
///
/// Units are read from the answers, so a request counts them only if it asked
/// with `ReturnConsumedCapacity`. A request that DynamoDB refuses consumes units
/// that it never reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// Requests sent, retries and refused ones included.
    pub requests: u64,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
    /// The operation of each request, in the order they were sent.
    pub operations: Vec<String>,
}

impl Cost {
    pub(crate) fn sent(&mut self, operation: &str) {
        self.requests += 1;
        self.operations.push(operation.to_owned());
    }

    pub(crate) fn answered(&mut self, operation: &str, answer: &Value) {
        let units = capacity_units(&answer["ConsumedCapacity"]);
        match operation {
            "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems" => {
                self.read_units += units;
            }
            _ => self.write_units += units,
        }
    }
}

/// One object where an operation has one table, a list where it may have more.
fn capacity_units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(capacity_units).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or_default(),
    }
}
