//! Limits of the server, and headers that it hides.

use libtest_mimic::Trial;
use serde_json::json;

use crate::harness::{ADMINISTRATOR, Setup, Unfinished, cases, draft};

pub(super) fn all() -> Vec<Trial> {
    cases![
        requests_over_the_limit_are_rejected_and_health_checks_are_not,
        a_slow_request_times_out,
        the_log_contains_no_secrets_names_or_texts,
    ]
}

async fn requests_over_the_limit_are_rejected_and_health_checks_are_not() {
    let server = Setup::memory().with("TINTERO_MAX_CONCURRENCY", "1").start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let busy = Unfinished::begin(&server, &author, &draft("busy"));
    let refused = anonymous.get("/v1/posts").send().await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.refused(503, "overloaded");
    anonymous.get("/healthz").send().await.is(200);
    let answer = busy.finish();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    anonymous.get("/v1/posts").send().await.is(200);
}

async fn a_slow_request_times_out() {
    let setup = Setup::memory();
    let server = setup.clone().with("TINTERO_REQUEST_TIMEOUT", "2s").start();
    let author = server.administrator().await;
    let answer = Unfinished::begin(&server, &author, &draft("slow")).answer();
    assert!(
        answer.starts_with("HTTP/1.1 503 Service Unavailable"),
        "{answer}"
    );
    assert!(
        answer.contains("application/problem+json") && answer.contains("\"timeout\""),
        "{answer}"
    );
    assert!(author.walk("/v1/posts?status=draft").await.is_empty());
}

async fn the_log_contains_no_secrets_names_or_texts() {
    const TEXT: &str = "zzprivatezz";
    let server = Setup::memory().with("TINTERO_LOG", "debug").start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut new = draft("logged");
    new["title"] = json!(TEXT);
    new["body"] = json!(TEXT);
    let post = author.create_published(&new).await;
    author
        .change(&post, &json!({ "unknown": TEXT, "title": "" }))
        .await
        .refused(422, "invalid");
    let (email, password) = ADMINISTRATOR;
    for path in [
        "/v1/posts?tag=zzprivatezz",
        "/v1/zzprivatezz",
        "/v1/posts/by-slug/zzprivatezz",
    ] {
        anonymous.get(path).send().await;
    }
    let wrong = json!({ "email": "zzprivatezz@example.org", "password": TEXT });
    anonymous
        .post("/v1/auth/login")
        .json(&wrong)
        .send()
        .await
        .refused(401, "bad_credentials");
    server.stop();
    assert!(
        server
            .log()
            .wait_for(|line| line["message"] == "stopped")
            .is_some()
    );
    let log = server.log().text();
    for secret in [
        TEXT,
        email,
        password,
        author.token(),
        author.token().rsplit('.').next().unwrap(),
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
