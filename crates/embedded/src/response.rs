//! HTTP responses in the wire format of DynamoDB.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

pub(crate) const INTERNAL_SERVER_ERROR: &str =
    "com.amazonaws.dynamodb.v20120810#InternalServerError";

pub(crate) fn success(json: impl Into<SdkBody>) -> HttpResponse {
    respond(200, json)
}

pub(crate) fn error(status: u16, error_type: &str, message: &str) -> HttpResponse {
    failure(status, &json!({ "__type": error_type, "message": message }))
}

pub(crate) fn failure(status: u16, body: &Value) -> HttpResponse {
    respond(status, body.to_string())
}

pub(crate) fn respond(status: u16, json: impl Into<SdkBody>) -> HttpResponse {
    let status = status
        .try_into()
        .expect("every status is a constant of this crate or of the engine");
    let mut response = HttpResponse::new(status, json.into());
    let headers = response.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    headers.insert("x-amzn-requestid", "embedded");
    response
}
