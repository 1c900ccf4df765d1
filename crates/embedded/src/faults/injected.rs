//! Refusals in the words DynamoDB uses on the wire.

use std::io;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::{Value, json};

use super::partial::{UNPROCESSED_READS, UNPROCESSED_WRITES};
use super::{Call, Verdict};
use crate::answer;

/// What a request gets instead of being carried out.
pub(super) type Answer = Result<HttpResponse, ConnectorError>;

pub(super) fn throttle(call: Call<'_>) -> HttpResponse {
    match call.operation {
        "TransactWriteItems" | "TransactGetItems" => cancelled(
            call.body,
            "ThrottlingError",
            "Throughput exceeds the current capacity of your table or index. DynamoDB is \
             automatically scaling your table or index so please try again shortly.",
        ),
        _ => refused(
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider \
             increasing your provisioning level with the UpdateTable API.",
        ),
    }
}

pub(super) fn conflict(call: Call<'_>) -> Answer {
    const MESSAGE: &str = "Transaction is ongoing for the item";
    match call.operation {
        "TransactWriteItems" | "TransactGetItems" => {
            Ok(cancelled(call.body, "TransactionConflict", MESSAGE))
        }
        "PutItem" | "UpdateItem" | "DeleteItem" => {
            Ok(refused("TransactionConflictException", MESSAGE))
        }
        _ => Err(misfit(Verdict::TransactionConflict, call)),
    }
}

pub(super) fn unprocessed(call: Call<'_>) -> Answer {
    let entries = &call.body["RequestItems"];
    let body = match call.operation {
        "BatchWriteItem" => json!({ UNPROCESSED_WRITES: entries }),
        "BatchGetItem" => json!({ UNPROCESSED_READS: entries, "Responses": {} }),
        _ => return Err(misfit(Verdict::Unprocessed, call)),
    };
    Ok(answer::success(body.to_string()))
}

/// The answer was on its way.
pub(super) fn lost() -> ConnectorError {
    let broken = io::Error::new(
        io::ErrorKind::ConnectionReset,
        "injected: the connection broke before the answer",
    );
    ConnectorError::io(broken.into())
}

/// Neither an I/O error nor a timeout, because those the SDK retries.
pub(super) fn crashed() -> ConnectorError {
    ConnectorError::other("injected: the process ended".into(), None)
}

/// The script asked for what cannot happen.
pub(super) fn misfit(verdict: Verdict, call: Call<'_>) -> ConnectorError {
    let reason = format!("injected: {verdict:?} cannot befall {}", call.operation);
    ConnectorError::user(reason.into())
}

fn refused(name: &str, message: &str) -> HttpResponse {
    answer::error(400, &error_type(name), message)
}

/// One reason a position; the first action is the one that failed.
fn cancelled(body: &Value, code: &str, message: &str) -> HttpResponse {
    let actions = body["TransactItems"].as_array().map_or(1, Vec::len);
    let codes: Vec<_> = (0..actions)
        .map(|position| if position == 0 { code } else { "None" })
        .collect();
    let reasons: Vec<_> = (0..actions)
        .map(|position| match position {
            0 => json!({ "Code": code, "Message": message }),
            _ => json!({ "Code": "None" }),
        })
        .collect();
    let body = json!({
        "__type": error_type("TransactionCanceledException"),
        "Message": format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        ),
        "CancellationReasons": reasons,
    });
    answer::failure(400, &body)
}

fn error_type(name: &str) -> String {
    format!("com.amazonaws.dynamodb.v20120810#{name}")
}
