use http::Method;

use tintero_domain::access::Role;
use tintero_embedded::faults::FaultAction;

use crate::{
    call::Call,
    site::{Finding, site, site_as},
};

#[tokio::test]
async fn unknown_paths_return_a_problem() {
    let site = site().await;
    for path in [
        "/nothing",
        "/v1/posts/",
        "/v1",
        "/docs/nothing.js",
        "/V1/posts",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.refusal(), (404, "unknown_route"), "{path}");
        assert_eq!(answer.body["instance"], path);
    }
}

#[tokio::test]
async fn unsupported_methods_return_405_with_the_supported_ones() {
    let site = site().await;
    let answer = Call::new(Method::DELETE, "/v1/posts").to(&site).await;
    assert_eq!(answer.refusal(), (405, "method_not_allowed"));
    let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn malformed_paths_return_400_and_impossible_ids_404() {
    let site = site().await;
    for path in [
        "/v1/posts/by-slug/%zz",
        "/v1/posts/by-slug/%00",
        "/v1/posts/by-slug/%ff",
        "/%",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.refusal(), (400, "bad_path"), "{path}");
    }
    let answer = site.get("/v1/posts/by-slug/A%20B").await;
    assert_eq!(answer.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn the_type_of_a_problem_returns_its_explanation() {
    let site = site().await;
    let refused = site.get("/nothing").await;
    let kind = site.get(refused.body["type"].as_str().unwrap()).await;
    assert_eq!(
        (kind.status, &kind.body["code"]),
        (200, &refused.body["code"])
    );
    let unknown = site.get("/problems/nothing").await;
    assert_eq!(unknown.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn head_returns_the_headers_of_get() {
    let site = site().await;
    let answer = Call::new(Method::HEAD, "/v1/posts").to(&site).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let refused = Call::new(Method::HEAD, "/nothing").to(&site).await;
    assert_eq!((refused.status, refused.text.as_str()), (404, ""));
}

#[tokio::test]
async fn server_errors_contain_no_internal_details() {
    let site = site().await;
    assert_eq!(site.get("/readyz").await.status, 200);
    for (finding, status, code, secret) in [
        (Finding::Missing, 503, "not_ready", "t-posts"),
        (Finding::Panic, 500, "internal", "secret"),
    ] {
        site.readiness.set(finding);
        let answer = site.get("/readyz").await;
        assert_eq!(answer.refusal(), (status, code));
        assert!(!answer.text.contains(secret), "{}", answer.text);
    }
    assert_eq!(site.get("/healthz").await.body["status"], "ok");
}

#[tokio::test]
async fn an_unavailable_store_returns_503() {
    let site = site().await;
    site.wire.on(|_| FaultAction::CrashBefore);
    let answer = site.get("/v1/posts/by-slug/hola").await;
    assert_eq!(answer.refusal(), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn permanent_contention_returns_409_with_retry_after() {
    let (site, token) = site_as(Role::Editor).await;
    site.wire.on(|call| match call.operation {
        "TransactWriteItems" => FaultAction::TransactionConflict,
        _ => FaultAction::Pass,
    });
    let body = serde_json::json!({"title": "Hola", "body": ""});
    let call = Call::post("/v1/posts").signed(&token).json(&body);
    let answer = call.to(&site).await;
    assert_eq!(answer.refusal(), (409, "contended"));
    assert_eq!(answer.header("retry-after"), "1");
}
