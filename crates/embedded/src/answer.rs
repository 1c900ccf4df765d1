//! Answers in the form DynamoDB gives them on the wire.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

/// The error type of a server that failed.
pub(crate) const INTERNAL: &str = "com.amazonaws.dynamodb.v20120810#InternalServerError";

pub(crate) fn success(json: impl Into<SdkBody>) -> HttpResponse {
    respond(200, json)
}

/// An error that carries nothing but its type and a message.
pub(crate) fn error(status: u16, error_type: &str, message: &str) -> HttpResponse {
    failure(status, &json!({ "__type": error_type, "message": message }))
}

/// An error with a body of its own.
pub(crate) fn failure(status: u16, body: &Value) -> HttpResponse {
    respond(status, body.to_string())
}

pub(crate) fn respond(status: u16, json: impl Into<SdkBody>) -> HttpResponse {
    let status = status
        .try_into()
        .expect("every status here is written down in this crate or the engine's");
    let mut response = HttpResponse::new(status, json.into());
    let headers = response.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    headers.insert("x-amzn-requestid", "embedded");
    response
}
