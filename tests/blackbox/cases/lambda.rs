//! The binary as a Lambda function: events of every kind.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    ADMINISTRATOR, Server, Setup, cases, draft,
    lambda::{Failure, scheduled},
    unique,
};

pub(crate) fn all() -> Vec<Trial> {
    cases![
        events_of_an_http_api_reach_the_api,
        the_stage_is_removed_from_the_path_on_the_domain_of_api_gateway_only,
        events_of_a_rest_api_keep_all_values_of_a_header_and_of_a_parameter,
        events_of_a_load_balancer_reach_the_api,
        binary_answers_are_encoded,
        an_authorizer_accepts_tokens_and_api_keys_until_they_end,
        an_event_of_a_stream_or_a_schedule_runs_operations,
        an_unknown_event_fails_with_the_kinds_of_events,
        a_function_without_a_public_url_does_not_start,
    ]
}

/// A request of an HTTP API, payload format 2.0.
fn http_api(method: &str, path: &str, headers: &Value, body: Option<&Value>) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4e5",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "agent" },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /{proxy+}",
            "stage": "$default",
            "time": "24/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_514_400_000_i64
        },
        "body": body.map(Value::to_string),
        "isBase64Encoded": false
    })
}

/// A request of a REST API.
fn rest_api(path: &str, headers: &Value, query: &Value) -> Value {
    json!({
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "headers": { "Host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com" },
        "multiValueHeaders": headers,
        "queryStringParameters": null,
        "multiValueQueryStringParameters": query,
        "pathParameters": { "proxy": "v1/posts" },
        "stageVariables": null,
        "requestContext": {
            "accountId": "123456789012",
            "resourceId": "d4e5f6",
            "stage": "v1",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": { "sourceIp": "203.0.113.7", "userAgent": "agent" },
            "resourcePath": "/{proxy+}",
            "httpMethod": "GET",
            "apiId": "a1b2c3d4e5",
            "path": format!("/v1{path}"),
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4e5"
        },
        "body": null,
        "isBase64Encoded": false
    })
}

/// A request of a load balancer.
fn load_balancer(path: &str, query: &Value) -> Value {
    json!({
        "requestContext": {
            "elb": { "targetGroupArn": "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/tintero/49e9d65c45c6791a" }
        },
        "httpMethod": "GET",
        "path": path,
        "queryStringParameters": query,
        "headers": {
            "host": "blog.example.org",
            "accept": "application/json",
            "x-forwarded-for": "198.51.100.1, 203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https"
        },
        "body": "",
        "isBase64Encoded": false
    })
}

/// An authorizer event, payload format 2.0.
fn authorizer(identity: &Value) -> Value {
    let route = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/$default/POST/v1/posts";
    json!({
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": route,
        "identitySource": identity,
        "routeKey": "POST /v1/posts",
        "rawPath": "/v1/posts",
        "rawQueryString": "",
        "headers": { "authorization": "not used" },
        "requestContext": { "accountId": "123456789012", "apiId": "a1b2c3d4e5" }
    })
}

async fn invoke(server: &Server, event: &Value) -> Value {
    server.function().invoke(event).await.unwrap()
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

async fn events_of_an_http_api_reach_the_api() {
    let server = Setup::memory().start_function();
    let (email, password) = ADMINISTRATOR;
    let credentials = json!({ "email": email, "password": password });
    let headers = json!({ "content-type": "application/json", "host": "api.example.org", "x-request-id": "from-the-edge" });
    let event = http_api("POST", "/v1/auth/login", &headers, Some(&credentials));
    let answer = invoke(&server, &event).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["headers"]["x-request-id"], "from-the-edge");
    assert_eq!(answer["isBase64Encoded"], false);
    let token = body(&answer)["access_token"].as_str().unwrap().to_owned();
    let headers = json!({ "authorization": format!("Bearer {token}") });
    let answer = invoke(&server, &http_api("GET", "/v1/me/sessions", &headers, None)).await;
    let sessions = body(&answer);
    assert_eq!(
        sessions["items"][0]["address"], "203.0.113.7",
        "the address of the client: {sessions}"
    );
    // Decoded by API Gateway, and no valid URI.
    let path = "/v1/posts/by-slug/año nuevo";
    let answer = invoke(&server, &http_api("GET", path, &json!({}), None)).await;
    assert_eq!(answer["statusCode"], 404, "{answer}");
}

async fn the_stage_is_removed_from_the_path_on_the_domain_of_api_gateway_only() {
    let server = Setup::memory().start_function();
    let mut event = http_api("GET", "/v1/v1/posts", &json!({}), None);
    event["requestContext"]["stage"] = json!("v1");
    assert_eq!(invoke(&server, &event).await["statusCode"], 200);
    event["requestContext"]["domainName"] = json!("api.example.org");
    event["requestContext"]["domainPrefix"] = json!("api");
    assert_eq!(invoke(&server, &event).await["statusCode"], 404);
    event["rawPath"] = json!("/v1/posts");
    assert_eq!(invoke(&server, &event).await["statusCode"], 200);
}

async fn events_of_a_rest_api_keep_all_values_of_a_header_and_of_a_parameter() {
    let server = Setup::memory().start_function();
    let desk = server.administrator().await;
    for tags in [["a", "b"].as_slice(), &["a"]] {
        let mut post = draft(&unique("rest"));
        post["tags"] = json!(tags);
        post["status"] = json!("published");
        desk.post("/v1/posts").json(&post).send().await.is(201);
    }
    let headers = json!({ "accept": ["application/json"] });
    let query = json!({ "tag": ["a", "b"], "limit": ["5"] });
    let answer = invoke(&server, &rest_api("/v1/posts", &headers, &query)).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(body(&answer)["items"].as_array().unwrap().len(), 1);
    assert!(
        answer["multiValueHeaders"]["content-type"][0].is_string(),
        "{answer}"
    );
    let entity_tag = answer["multiValueHeaders"]["etag"][0].clone();
    let headers = json!({ "if-none-match": ["\"other\"", entity_tag] });
    let query = json!({ "tag": ["a", "b"], "limit": ["5"] });
    let answer = invoke(&server, &rest_api("/v1/posts", &headers, &query)).await;
    assert_eq!(answer["statusCode"], 304, "{answer}");
}

async fn events_of_a_load_balancer_reach_the_api() {
    let server = Setup::memory().start_function();
    let answer = invoke(
        &server,
        &load_balancer("/v1/posts", &json!({ "limit": "3" })),
    )
    .await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert!(body(&answer)["items"].is_array());
    let answer = invoke(
        &server,
        &load_balancer("/v1/posts", &json!({ "limit": "no" })),
    )
    .await;
    assert_eq!(answer["statusCode"], 400, "{answer}");
}

async fn binary_answers_are_encoded() {
    let server = Setup::memory().start_function();
    let headers = json!({ "accept-encoding": "gzip" });
    let answer = invoke(&server, &http_api("GET", "/openapi.json", &headers, None)).await;
    assert_eq!(answer["isBase64Encoded"], true);
    assert_eq!(answer["headers"]["content-encoding"], "gzip");
    let bytes = STANDARD.decode(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(bytes[..2], [0x1f, 0x8b], "the start of a gzip file");
}

async fn an_authorizer_accepts_tokens_and_api_keys_until_they_end() {
    let server = Setup::memory().start_function();
    let (email, password) = ADMINISTRATOR;
    let other = server.sign_in(email, password).await;
    let bearer = authorizer(&json!([format!("Bearer {}", other.token())]));
    let answer = invoke(&server, &bearer).await;
    assert_eq!(answer["isAuthorized"], true, "{answer}");
    assert_eq!(answer["context"]["role"], "administrator");
    let ended = other.call(Method::DELETE, "/v1/me/sessions");
    ended.send().await.is(204);
    let answer = invoke(&server, &bearer).await;
    assert_eq!(answer, json!({ "isAuthorized": false }), "an ended session");
    let key = json!({ "name": "reader", "scopes": ["posts:read"] });
    let desk = server.sign_in(email, password).await;
    let created = desk
        .post("/v1/api-keys")
        .json(&key)
        .send()
        .await
        .is(201)
        .json();
    let secret = created["secret"].as_str().unwrap();
    let by_key = authorizer(&json!([format!("ApiKey {secret}")]));
    let answer = invoke(&server, &by_key).await;
    assert_eq!(answer["isAuthorized"], true, "{answer}");
    assert_eq!(answer["context"]["permissions"], "posts:read");
    let id = created["api_key"]["id"].as_str().unwrap();
    let revoked = desk.call(Method::DELETE, &format!("/v1/api-keys/{id}"));
    revoked.send().await.is(204);
    for refused in [
        by_key,
        authorizer(&json!(["Bearer forged"])),
        authorizer(&json!(["two\nlines"])),
        authorizer(&json!([])),
        authorizer(&Value::Null),
    ] {
        let answer = invoke(&server, &refused).await;
        assert_eq!(answer, json!({ "isAuthorized": false }), "{refused}");
    }
}

async fn an_event_of_a_stream_or_a_schedule_runs_operations() {
    let server = Setup::memory().start_function();
    let answer = invoke(&server, &scheduled()).await;
    assert_eq!(answer, json!({ "done": true }));
    let records = json!({ "Records": [
        { "eventID": "1", "eventSource": "aws:dynamodb", "eventName": "INSERT", "dynamodb": {} }
    ] });
    assert_eq!(invoke(&server, &records).await, json!({ "done": true }));
}

async fn an_unknown_event_fails_with_the_kinds_of_events() {
    let server = Setup::memory().start_function();
    for event in [
        json!({}),
        json!(7),
        json!([]),
        json!({ "Records": [{ "eventSource": "aws:sqs" }] }),
    ] {
        let failure = server.function().invoke(&event).await.unwrap_err();
        let Failure::Reported(error) = failure else {
            panic!("the process ended: {failure:?}");
        };
        assert!(error.to_string().contains("scheduled event"), "{error}");
    }
    assert_eq!(invoke(&server, &scheduled()).await, json!({ "done": true }));
}

async fn a_function_without_a_public_url_does_not_start() {
    let setup = Setup::memory();
    let mut command = setup.command(&[]);
    let command = command.env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1");
    let output = tokio::task::block_in_place(|| command.output().unwrap());
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("TINTERO_PUBLIC_URL"), "{text}");
}
