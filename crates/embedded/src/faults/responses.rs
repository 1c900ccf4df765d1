//! Error responses in the wire format of DynamoDB.

use std::io;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::{Value, json};

use super::batch::{UNPROCESSED_READS, UNPROCESSED_WRITES};
use super::{Call, FaultAction};
use crate::response;

pub(super) type ConnectorResult = Result<HttpResponse, ConnectorError>;

pub(super) fn throttle(call: Call<'_>) -> HttpResponse {
    match call.operation {
        "TransactWriteItems" | "TransactGetItems" => transaction_canceled(
            call.body,
            "ThrottlingError",
            "Throughput exceeds the current capacity of your table or index. DynamoDB is \
             automatically scaling your table or index so please try again shortly.",
        ),
        _ => error(
            "ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider \
             increasing your provisioning level with the UpdateTable API.",
        ),
    }
}

pub(super) fn conflict(call: Call<'_>) -> ConnectorResult {
    const MESSAGE: &str = "Transaction is ongoing for the item";
    match call.operation {
        "TransactWriteItems" | "TransactGetItems" => Ok(transaction_canceled(
            call.body,
            "TransactionConflict",
            MESSAGE,
        )),
        "PutItem" | "UpdateItem" | "DeleteItem" => {
            Ok(error("TransactionConflictException", MESSAGE))
        }
        _ => Err(not_applicable(FaultAction::TransactionConflict, call)),
    }
}

pub(super) fn unprocessed(call: Call<'_>) -> ConnectorResult {
    let entries = &call.body["RequestItems"];
    let body = match call.operation {
        "BatchWriteItem" => json!({ UNPROCESSED_WRITES: entries }),
        "BatchGetItem" => json!({ UNPROCESSED_READS: entries, "Responses": {} }),
        _ => return Err(not_applicable(FaultAction::Unprocessed, call)),
    };
    Ok(response::success(body.to_string()))
}

/// The SDK retries after this error.
pub(super) fn connection_reset() -> ConnectorError {
    let broken = io::Error::new(
        io::ErrorKind::ConnectionReset,
        "injected: connection reset before the response",
    );
    ConnectorError::io(broken.into())
}

/// Neither an I/O error nor a timeout, because the SDK retries both.
pub(super) fn crash() -> ConnectorError {
    ConnectorError::other("injected: process terminated".into(), None)
}

/// The SDK does not retry after this error, so the test fails.
pub(super) fn not_applicable(action: FaultAction, call: Call<'_>) -> ConnectorError {
    let reason = format!("injected: {action:?} does not apply to {}", call.operation);
    ConnectorError::user(reason.into())
}

fn error(name: &str, message: &str) -> HttpResponse {
    response::error(400, &error_type(name), message)
}

/// One reason for each action; the first action is the one that failed.
fn transaction_canceled(body: &Value, code: &str, message: &str) -> HttpResponse {
    let actions = body["TransactItems"].as_array().map_or(1, Vec::len);
    let mut codes = vec!["None"; actions];
    let mut reasons = vec![json!({ "Code": "None" }); actions];
    if actions > 0 {
        codes[0] = code;
        reasons[0] = json!({ "Code": code, "Message": message });
    }
    let body = json!({
        "__type": error_type("TransactionCanceledException"),
        "Message": format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        ),
        "CancellationReasons": reasons,
    });
    response::json_response(400, &body)
}

fn error_type(name: &str) -> String {
    format!("com.amazonaws.dynamodb.v20120810#{name}")
}
