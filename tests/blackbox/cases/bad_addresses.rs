//! Unknown paths, parameters and credentials.

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::json;

use crate::harness::{
    Refusals, cases,
    contract::{self, Operation},
    shared,
};

pub(super) fn all() -> Vec<Trial> {
    cases![
        unknown_paths_and_methods_are_rejected,
        invalid_query_parameters_are_rejected,
        every_operation_rejects_unknown_parameters,
        malformed_credentials_are_rejected,
    ]
}

async fn unknown_paths_and_methods_are_rejected() {
    let server = shared::server();
    let anonymous = server.anonymous();
    let mut refusals = Refusals::of(&server);
    for path in [
        "/v1",
        "/v1/nothing",
        "/v1/posts/",
        "/V1/posts",
        "/v1//posts",
        "/.env",
        "/docs/../Cargo.toml",
    ] {
        let answer = anonymous.get(path).send().await;
        refusals.expect(answer, 404, "unknown_route");
    }
    for (method, path) in [
        ("DELETE", "/v1/posts"),
        ("PUT", "/healthz"),
        ("BREW", "/v1/me"),
        ("POST", "/docs"),
    ] {
        let answer = anonymous
            .call(Method::from_bytes(method.as_bytes()).unwrap(), path)
            .send()
            .await;
        assert!(answer.header("allow").contains("GET"), "{answer:?}");
        refusals.expect(answer, 405, "method_not_allowed");
    }
    for path in [
        "/v1/posts/by-slug/a%00b",
        "/v1/posts/by-slug/%ff",
        "/%00",
        "/v1/posts/%c3%28",
    ] {
        let answer = anonymous.get(path).send().await;
        refusals.expect(answer, 400, "bad_path");
    }
    for path in [
        "/v1/posts/by-slug/No%20Slug",
        "/v1/posts/by-slug/..%2f..%2fetc",
        "/problems/%20",
    ] {
        let answer = anonymous.get(path).send().await;
        refusals.expect(answer, 404, "not_found");
    }
    refusals.were_logged_once().await;
}

async fn invalid_query_parameters_are_rejected() {
    let server = shared::server();
    let anonymous = server.anonymous();
    let mut refusals = Refusals::of(&server);
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("nonsense=1", "nonsense"),
        ("status=secret", "status"),
        (
            "tag=one&owner=01912d68-783e-7a03-8467-5661c1243ad4",
            "owner",
        ),
        ("sort=title", "sort"),
        ("q=words", "q"),
    ] {
        let answer = anonymous.get(&format!("/v1/posts?{query}")).send().await;
        let problem = refusals.expect(answer, 400, "bad_query");
        let named = problem["errors"].as_array().unwrap().iter();
        assert!(
            named
                .map(|error| &error["parameter"])
                .any(|name| name == parameter),
            "{problem:#}"
        );
    }
    for cursor in ["AAAA", "", "%F0%9F%92%A9", "..", &"A".repeat(2048)] {
        let answer = anonymous
            .get(&format!("/v1/posts?cursor={cursor}"))
            .send()
            .await;
        refusals.expect(answer, 400, "bad_cursor");
    }
    let missing = anonymous.get("/v1/redirects/resolve").send().await;
    refusals.expect(missing, 400, "bad_query");
    refusals.were_logged_once().await;
}

/// Paths outside `/v1`, which load balancers, browsers and token verifiers request with their
/// own conventions.
async fn every_operation_rejects_unknown_parameters() {
    let server = shared::server();
    let author = server.administrator().await;
    let mut refusals = Refusals::of(&server);
    // Issuers may send more parameters than a client knows (RFC 6749, section 4.1.2).
    let of_the_api = |operation: &&Operation| {
        operation.path.starts_with("/v1/") && operation.id != "open_issuer_session"
    };
    for operation in contract::operations().iter().filter(of_the_api) {
        let path = operation.some_path();
        let call = author.call(operation.method.clone(), &format!("{path}?nonsense=1"));
        let call = if operation.method == "GET" {
            call
        } else {
            call.based_on("\"1.1\"").json(&json!({}))
        };
        let problem = refusals.expect(call.send().await, 400, "bad_query");
        assert!(
            problem["errors"].to_string().contains("nonsense"),
            "{}",
            operation.id
        );
    }
    refusals.were_logged_once().await;
}

async fn malformed_credentials_are_rejected() {
    let server = shared::server();
    let anonymous = server.anonymous();
    let mut refusals = Refusals::of(&server);
    for field in ["Basic YTpi", "Bearer", "", "Token x", "Bearer  "] {
        let answer = anonymous
            .get("/v1/me")
            .header("Authorization", field)
            .send()
            .await;
        assert!(
            answer.header("www-authenticate").starts_with("Bearer"),
            "{answer:?}"
        );
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!(
            matches!(code.as_str(), "unauthenticated" | "invalid_token"),
            "{field}: {code}"
        );
        refusals.expect(answer, 401, &code);
    }
    for (email, password) in [
        ("ana@example.org", "wrong horse battery"),
        ("nobody@example.org", "wrong horse battery"),
    ] {
        let login = anonymous
            .post("/v1/auth/login")
            .json(&json!({ "email": email, "password": password }));
        refusals.expect(login.send().await, 401, "bad_credentials");
    }
    refusals.were_logged_once().await;
}
