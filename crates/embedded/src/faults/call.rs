use std::collections::BTreeSet;

use serde_json::Value;

/// A request as a script sees it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The operation, such as `PutItem`.
    pub operation: &'a str,
    /// The JSON the SDK sent.
    pub body: &'a Value,
    /// How many requests of this operation the script has seen, this one
    /// included: the first is 1. Retries of the SDK count.
    pub nth: u64,
}

impl<'a> Call<'a> {
    /// The tables that the request names.
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

    /// The index that a query reads.
    #[must_use]
    pub fn index(&self) -> Option<&'a str> {
        self.body["IndexName"].as_str()
    }
}

/// What happens to a request.
///
/// A verdict that cannot befall an operation (a conflict of a `GetItem`) is a
/// mistake of the script: the request fails at once with a user error, which
/// the SDK does not retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is carried out.
    Pass,
    /// It is refused for lack of capacity: `ProvisionedThroughputExceededException`,
    /// which the SDK retries; a transaction is cancelled with the reason
    /// `ThrottlingError`, which the SDK does not.
    Throttle,
    /// A transaction is cancelled, because another one holds its first item; a
    /// write of one item gets `TransactionConflictException`.
    TransactionConflict,
    /// No entry of a batch is performed, and the answer hands back all of them.
    Unprocessed,
    /// Only the first entry of a batch is performed; the answer hands back the
    /// others. The request is shortened after it was signed, so AWS itself would
    /// not accept it.
    OnlyFirst,
    /// It is carried out, and the connection breaks before the answer. The SDK
    /// retries.
    LoseAnswer,
    /// It is not carried out, and the SDK gives up at once: as if the process
    /// had died before this request.
    CrashBefore,
    /// It is carried out, and the SDK gives up before the answer comes: as if the process had died
    /// right after this request.
    CrashAfter,
    /// A query of an index is answered as it last was before, or with an empty
    /// page where it never was asked. Every other request passes, since only
    /// indexes are late.
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
    fn tables_are_found_wherever_an_operation_names_them() {
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
