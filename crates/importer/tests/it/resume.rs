use serde_json::json;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::problem,
    site::{CAFE, Fixture, TEA},
};

#[tokio::test]
async fn a_post_that_was_not_created_is_created_and_published_by_the_next_run() {
    let fixture = Fixture::new().await;
    let server = &fixture.server;
    let failure = problem(500, "internal", "Internal error.");
    server.fault("POST /v1/posts", failure);
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    let path = run.failed_files()[0]["path"].as_str().unwrap().to_owned();
    assert_eq!(server.count(), 2);
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(server.count(), 3);
    assert_eq!(run.report["totals"], json!({"create": 1, "unchanged": 2}));
    assert_eq!(server.post(&path)["source"]["path"], path);
}

#[tokio::test]
async fn a_post_that_was_created_but_not_published_is_published_by_the_next_run() {
    let fixture = Fixture::new().await.imported().await;
    fixture.server.interrupt(CAFE);
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(run.report["totals"], json!({"publish": 1, "unchanged": 2}));
    assert_eq!(fixture.server.post(CAFE)["status"], "published");
}

#[tokio::test]
async fn a_changed_file_updates_and_publishes_its_post() {
    let fixture = Fixture::new().await.imported().await;
    fixture.site.edit(CAFE, "level: easy\n", "");
    fixture.site.edit(CAFE, "Con calma", "Con mucha calma");
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(run.action(CAFE), "update");
    let cafe = fixture.server.post(CAFE);
    assert!(cafe["body"].as_str().unwrap().contains("mucha"));
    assert_eq!(cafe["extra"], json!({}));
    assert_eq!(cafe["has_unpublished_changes"], false);
    assert_eq!(fixture.run(&[]).await.action(CAFE), "unchanged");
}

#[tokio::test]
async fn a_file_that_becomes_a_draft_unpublishes_its_post() {
    let fixture = Fixture::new().await.imported().await;
    fixture.site.edit(TEA, "tags:", "published: false\ntags:");
    fixture.run(&[]).await;
    assert_eq!(fixture.server.post(TEA)["status"], "draft");
    assert_eq!(fixture.run(&[]).await.action(TEA), "unchanged");
}

#[tokio::test]
async fn busy_servers_are_retried_without_creating_duplicates() {
    let fixture = Fixture::new().await;
    for (call, status) in [
        ("by-source", 429),
        ("POST /v1/posts", 503),
        ("POST /v1/posts", 429),
    ] {
        let busy = ResponseTemplate::new(status).insert_header("retry-after", "0");
        fixture.server.fault(call, busy);
    }
    let contended = problem(409, "contended", "Try again.").insert_header("retry-after", "0");
    fixture.server.fault("POST /v1/posts", contended);
    fixture.run(&[]).await.assert_done();
    assert_eq!(fixture.server.count(), 3);
}
