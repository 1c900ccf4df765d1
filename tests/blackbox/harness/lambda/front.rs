//! The front of an HTTP API: payload format 2.0.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::Runtime;

/// Largest body of a request, as API Gateway has it.
const MAX_BODY: usize = 10 * 1024 * 1024;

pub(super) fn router(runtime: Runtime) -> Router {
    Router::new().fallback(forward).with_state(runtime)
}

async fn forward(State(runtime): State<Runtime>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path();
    let text = std::str::from_utf8(&body);
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        // API Gateway decodes the path.
        "rawPath": percent_decode_str(path).decode_utf8_lossy(),
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "cookies": cookies(&parts.headers),
        "headers": joined(&parts.headers),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "api.example.org",
            "domainPrefix": "api",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "24/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_514_400_000_i64
        },
        "body": text.map_or_else(|_| STANDARD.encode(&body), str::to_owned),
        "isBase64Encoded": text.is_err()
    });
    match runtime.invoke(&event).await {
        Ok(answer) => response(&answer),
        Err(failure) => (StatusCode::BAD_GATEWAY, format!("{failure:?}")).into_response(),
    }
}

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    let fields = headers.get_all(header::COOKIE).iter();
    fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split("; "))
        .collect()
}

/// One value for each name: several are joined with commas.
fn joined(headers: &HeaderMap) -> Map<String, Value> {
    let names = headers.keys().filter(|name| *name != header::COOKIE);
    let value = |name: &HeaderName| {
        let fields = headers.get_all(name).iter();
        let texts: Vec<_> = fields.filter_map(|field| field.to_str().ok()).collect();
        texts.join(",")
    };
    names
        .map(|name| (name.as_str().to_owned(), value(name).into()))
        .collect()
}

/// Converts an answer of the function.
fn response(answer: &Value) -> Response {
    let status = answer["statusCode"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    let status = StatusCode::from_u16(status.expect("the answer has a status")).unwrap();
    let text = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => Bytes::from(STANDARD.decode(text).unwrap()),
        _ => Bytes::from(text.to_owned()),
    };
    let mut response = Response::builder().status(status);
    let headers = answer["headers"].as_object().into_iter().flatten();
    for (name, value) in headers {
        response = response.header(name, value.as_str().unwrap());
    }
    let cookies = answer["cookies"].as_array().into_iter().flatten();
    for cookie in cookies {
        response = response.header(header::SET_COOKIE, cookie.as_str().unwrap());
    }
    response.body(Body::from(body)).unwrap()
}
