//! Answers, reduced to what an engine must reproduce.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

/// The answer of one side.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// The members of a table's description that the storage crate reads.
const DESCRIBED: [&str; 8] = [
    "AttributeDefinitions",
    "BillingModeSummary",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "IndexName",
    "KeySchema",
    "Projection",
    "TableName",
];

impl Answer {
    /// Removes what differs between any two engines: times, identifiers, and the order of sets and of
    /// batches.
    pub(crate) fn comparable(mut self, operation: &str) -> Self {
        if self.status != 200 {
            self.body = error(&self.body);
        }
        normalise(&mut self.body);
        let Value::Object(body) = &mut self.body else {
            return self;
        };
        for member in ["TableDescription", "Table"] {
            if let Some(table) = body.get_mut(member) {
                // Tables on AWS always show it.
                if table["DeletionProtectionEnabled"].is_null() {
                    table["DeletionProtectionEnabled"] = json!(false);
                }
                describe(table);
            }
        }
        body.remove("ItemCollectionMetrics");
        match operation {
            "Scan" => sort(body.get_mut("Items")),
            "BatchGetItem" => {
                let tables = body.get_mut("Responses").and_then(Value::as_object_mut);
                for items in tables.into_iter().flat_map(Map::values_mut) {
                    sort(Some(items));
                }
            }
            _ => {}
        }
        sort(body.get_mut("ConsumedCapacity"));
        self
    }
}

/// Reduces an error to its short type, its message, and the details of conditions.
fn error(body: &Value) -> Value {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let message = [text("message"), text("Message")].concat();
    // DynamoDB numbers only some of its errors. No client depends on it.
    let message = message.trim_start_matches("1 validation error detected: ");
    let kind = text("__type").rsplit('#').next().unwrap_or_default();
    let mut reduced = json!({ "error": { "type": kind, "message": message } });
    for member in ["CancellationReasons", "Item"] {
        if let Some(value) = body.get(member) {
            reduced[member] = value.clone();
        }
    }
    reduced
}

/// Sorts sets and writes every number of the answer in one form: `1.0` and `1` are equal.
fn normalise(value: &mut Value) {
    match value {
        Value::Number(number) => *value = json!(number.as_f64()),
        Value::Array(values) => values.iter_mut().for_each(normalise),
        Value::Object(members) => {
            if members.len() == 1 {
                for set in ["SS", "NS", "BS"] {
                    sort(members.get_mut(set));
                }
            }
            members.values_mut().for_each(normalise);
        }
        _ => {}
    }
}

fn describe(table: &mut Value) {
    let Value::Object(members) = table else {
        return;
    };
    members.retain(|name, _| DESCRIBED.contains(&name.as_str()));
    if let Some(mode) = members.get_mut("BillingModeSummary") {
        *mode = mode["BillingMode"].clone();
    }
    sort(members.get_mut("AttributeDefinitions"));
    if let Some(Value::Array(indexes)) = members.get_mut("GlobalSecondaryIndexes") {
        indexes.iter_mut().for_each(describe);
    }
    sort(members.get_mut("GlobalSecondaryIndexes"));
}

fn sort(values: Option<&mut Value>) {
    if let Some(Value::Array(values)) = values {
        values.sort_by(by_text);
    }
}

fn by_text(a: &Value, b: &Value) -> Ordering {
    a.to_string().cmp(&b.to_string())
}
