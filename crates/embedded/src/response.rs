//! HTTP responses in the wire format of DynamoDB.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value, json};

use crate::api_error::{CancellationReason, ErrorKind, RequestError};
use crate::store::RequestFailure;

/// Prefix of the names of DynamoDB's errors.
const DYNAMODB: &str = "com.amazonaws.dynamodb.v20120810";
/// Prefix of the names of errors that several services of AWS return.
const CORAL: &str = "com.amazon.coral.service";

pub(crate) fn success(json: impl Into<SdkBody>) -> HttpResponse {
    respond(200, json)
}

/// Returns the response to a request that failed.
pub(crate) fn failure(failure: RequestFailure) -> HttpResponse {
    match failure {
        RequestFailure::Refused(error) => refusal(error),
        failure => error(
            500,
            &format!("{DYNAMODB}#InternalServerError"),
            &failure.to_string(),
        ),
    }
}

fn refusal(error: RequestError) -> HttpResponse {
    let prefix = match error.kind {
        ErrorKind::Validation | ErrorKind::Serialization | ErrorKind::UnknownOperation => CORAL,
        _ => DYNAMODB,
    };
    let mut body = Map::new();
    let name = format!("{prefix}#{}", name(&error.kind));
    body.insert("__type".to_owned(), name.into());
    let (member, status) = match &error.kind {
        ErrorKind::TransactionCanceled { .. } => ("Message", 400),
        ErrorKind::InternalServerError => ("message", 500),
        _ => ("message", 400),
    };
    body.insert(member.to_owned(), error.message.into());
    match error.kind {
        ErrorKind::ConditionalCheckFailed { item: Some(item) } => {
            body.insert("Item".to_owned(), parsed(&item));
        }
        ErrorKind::TransactionCanceled { reasons } => {
            let reasons = reasons.into_iter().map(reason);
            body.insert("CancellationReasons".to_owned(), reasons.collect());
        }
        _ => {}
    }
    respond(status, Value::Object(body).to_string())
}

fn name(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "ValidationException",
        ErrorKind::Serialization => "SerializationException",
        ErrorKind::UnknownOperation => "UnknownOperationException",
        ErrorKind::ResourceNotFound => "ResourceNotFoundException",
        ErrorKind::ResourceInUse => "ResourceInUseException",
        ErrorKind::ConditionalCheckFailed { .. } => "ConditionalCheckFailedException",
        ErrorKind::TransactionCanceled { .. } => "TransactionCanceledException",
        ErrorKind::IdempotentParameterMismatch => "IdempotentParameterMismatchException",
        ErrorKind::InternalServerError => "InternalServerError",
    }
}

fn reason(reason: CancellationReason) -> Value {
    let mut view = Map::new();
    view.insert("Code".to_owned(), reason.code.into());
    if let Some(message) = reason.message {
        view.insert("Message".to_owned(), message.into());
    }
    if let Some(item) = reason.item {
        view.insert("Item".to_owned(), parsed(&item));
    }
    view.into()
}

/// A stored item is valid JSON.
fn parsed(item: &str) -> Value {
    serde_json::from_str(item).unwrap_or_default()
}

pub(crate) fn error(status: u16, error_type: &str, message: &str) -> HttpResponse {
    json_response(status, &json!({ "__type": error_type, "message": message }))
}

pub(crate) fn json_response(status: u16, body: &Value) -> HttpResponse {
    respond(status, body.to_string())
}

fn respond(status: u16, json: impl Into<SdkBody>) -> HttpResponse {
    let status = status
        .try_into()
        .expect("every status is a constant of this crate");
    let mut response = HttpResponse::new(status, json.into());
    let headers = response.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    headers.insert("x-amzn-requestid", "embedded");
    response
}
