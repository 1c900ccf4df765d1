use tintero_importer::ImportOutcome;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::{FakeServer, problem},
    site::{CAFE, Site, TEA, actions},
};

#[tokio::test]
async fn a_post_that_was_created_and_not_published_is_published_by_the_next_run() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    server.fault(
        "/publish",
        problem(500, "internal", "Something broke on our side."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Incomplete);
    let failed = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["error"].is_object());
    let (path, reason) = (
        &failed.unwrap()["path"],
        failed.unwrap()["error"]["reason"].as_str(),
    );
    assert!(reason.unwrap().contains("was not published"), "{reason:?}");
    let path = path.as_str().unwrap();
    assert_eq!(server.post(path)["status"], "draft");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Done, 3));
    assert_eq!(
        report["totals"],
        serde_json::json!({"publish": 1, "unchanged": 2})
    );
    assert_eq!(server.post(path)["status"], "published");
}

#[tokio::test]
async fn a_changed_file_updates_its_post_and_what_the_public_sees() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    site.edit(CAFE, "level: easy\n", "");
    site.edit(CAFE, "Con calma", "Con mucha calma");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[2]),
        (ImportOutcome::Done, (CAFE, "update"))
    );
    let cafe = server.post(CAFE);
    assert!(cafe["body"].as_str().unwrap().contains("mucha"));
    assert_eq!(
        (&cafe["extra"], &cafe["has_unpublished_changes"]),
        (&serde_json::json!({}), &false.into())
    );
    assert_eq!(
        actions(&site.import(&server.url(), &[]).await.1)[2].1,
        "unchanged"
    );
}

#[tokio::test]
async fn a_file_that_is_hidden_takes_its_post_back() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    site.edit(TEA, "tags:", "published: false\ntags:");
    site.import(&server.url(), &[]).await;
    assert_eq!(server.post(TEA)["status"], "draft");
    assert_eq!(
        actions(&site.import(&server.url(), &[]).await.1)[1].1,
        "unchanged"
    );
}

#[tokio::test]
async fn busy_servers_are_asked_again_and_nothing_is_made_twice() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    for (call, status) in [
        ("by-source", 429),
        ("POST /v1/posts", 503),
        ("/publish", 503),
        ("POST /v1/posts", 429),
    ] {
        server.fault(
            call,
            ResponseTemplate::new(status).insert_header("retry-after", "0"),
        );
    }
    server.fault(
        "POST /v1/posts",
        problem(409, "contended", "Try again.").insert_header("retry-after", "0"),
    );
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Done, 3));
}
