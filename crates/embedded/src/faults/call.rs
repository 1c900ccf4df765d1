use std::collections::BTreeSet;

use serde_json::Value;

/// A request, as passed to a script.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The operation, such as `PutItem`.
    pub operation: &'a str,
    /// The JSON body.
    pub body: &'a Value,
    /// Number of this request among those of its operation, starting at 1. Retries of the SDK count.
    pub nth: u64,
}

impl<'a> Call<'a> {
    /// Returns the tables that the request names.
    #[must_use]
    pub fn tables(&self) -> BTreeSet<&'a str> {
        let own = self.body["TableName"].as_str();
        let of_batch = self.body["RequestItems"]
            .as_object()
            .into_iter()
            .flat_map(|tables| tables.keys().map(String::as_str));
        let of_transaction = self.body["TransactItems"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flat_map(|action| action.values())
            .filter_map(|action| action["TableName"].as_str());
        own.into_iter()
            .chain(of_batch)
            .chain(of_transaction)
            .collect()
    }

    /// Returns the index that a query reads.
    #[must_use]
    pub fn index(&self) -> Option<&'a str> {
        self.body["IndexName"].as_str()
    }
}

/// The action of a script on a request.
///
/// An action that does not apply to an operation, such as a conflict of a `GetItem`, is a mistake of
/// the script. The request then fails with a user error, which the SDK does not retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultAction {
    /// Executes the request.
    Pass,
    /// Rejects the request for lack of capacity: `ProvisionedThroughputExceededException`, which the
    /// SDK retries. A transaction is cancelled with the reason `ThrottlingError`, which the SDK does
    /// not retry.
    Throttle,
    /// Cancels a transaction because of a conflict on its first item. A write of one item fails with
    /// `TransactionConflictException`.
    TransactionConflict,
    /// Executes no entry of a batch and returns all of them as unprocessed.
    Unprocessed,
    /// Executes only the first entry of a batch and returns the others as unprocessed. Changes the
    /// request after it was signed, so AWS itself rejects it.
    OnlyFirst,
    /// Executes the request, then resets the connection before the response. The SDK retries.
    LoseResponse,
    /// Does not execute the request and fails with an error that the SDK does not retry, like a
    /// process that terminates before the request.
    CrashBefore,
    /// Executes the request and fails with an error that the SDK does not retry, like a process that
    /// terminates right after the request.
    CrashAfter,
    /// Answers a query of an index with its previous response, or with an empty page if there is
    /// none. Executes every other request, because only indexes are eventually consistent.
    StaleIndex,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tables(body: &Value) -> Vec<&str> {
        let call = Call {
            operation: "Any",
            body,
            nth: 1,
        };
        call.tables().into_iter().collect()
    }

    #[test]
    fn tables_returns_the_names_of_every_kind_of_request() {
        assert_eq!(tables(&json!({ "TableName": "posts" })), ["posts"]);
        assert_eq!(
            tables(&json!({ "RequestItems": { "posts": [], "audit": [] } })),
            ["audit", "posts"]
        );
        let transaction = json!({ "TransactItems": [
            { "Put": { "TableName": "posts" } },
            { "ConditionCheck": { "TableName": "images" } },
        ]});
        assert_eq!(tables(&transaction), ["images", "posts"]);
        assert!(tables(&json!({})).is_empty());
    }
}
