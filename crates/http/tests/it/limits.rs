use std::time::Duration;

use crate::site::{Finding, site_with};

#[tokio::test]
async fn requests_above_the_limit_return_503_but_health_checks_succeed() {
    let site = site_with(|config| config.max_concurrency = 0).await;
    let answer = site.get("/v1/posts").await;
    assert_eq!(answer.refusal(), (503, "overloaded"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn requests_above_the_time_limit_return_503() {
    let site = site_with(|config| config.request_timeout = Duration::ZERO).await;
    site.readiness.set(Finding::Silence);
    let answer = site.get("/readyz").await;
    assert_eq!(answer.refusal(), (503, "timeout"));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn an_answer_that_the_front_cannot_deliver_is_replaced_by_a_problem() {
    let site = site_with(|config| config.max_answer = Some(1_000)).await;
    assert_eq!(site.get("/v1/posts").await.status, 200);
    let answer = site.get("/openapi.json").await;
    assert_eq!(answer.refusal(), (500, "answer_too_large"));
}
