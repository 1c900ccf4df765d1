//! Limits of the server, and headers that it hides.

use libtest_mimic::Trial;
use serde_json::json;

use crate::harness::{ADMINISTRATOR, Setup, Unfinished, cases, draft};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_request_takes_its_place_when_its_body_is_complete,
        a_request_with_a_slow_body_times_out,
        the_log_contains_no_secrets_names_or_texts,
    ]
}

async fn a_request_takes_its_place_when_its_body_is_complete() {
    let server = Setup::memory().with("TINTERO_MAX_CONCURRENCY", "1").start();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let unfinished = Unfinished::begin(&server, &author, &draft("unfinished"));
    anonymous.get("/v1/posts").send().await.is(200);
    author.create(&draft("meanwhile")).await;
    let answer = unfinished.finish();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
}

async fn a_request_with_a_slow_body_times_out() {
    let setup = Setup::memory().with("TINTERO_MIN_RATE_WINDOW", "1s");
    let server = setup.start();
    let author = server.administrator().await;
    let answer = Unfinished::begin(&server, &author, &draft("slow")).answer();
    assert!(
        answer.starts_with("HTTP/1.1 408 Request Timeout"),
        "{answer}"
    );
    assert!(
        answer.contains("application/problem+json") && answer.contains("\"request_timeout\""),
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
    anonymous.get("/v1/posts?tag=zzprivatezz").send().await;
    anonymous.get("/v1/nothing").send().await;
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
    assert!(log.contains("\"path\":\"/v1/nothing\""), "{log}");
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
