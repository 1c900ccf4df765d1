use serde_json::json;
use tintero_importer::ImportOutcome;

use crate::{
    fake_server::{FakeServer, problem},
    site::{CAFE, Site, TEA, actions},
};

#[tokio::test]
async fn an_edit_on_both_sides_is_reported_and_nothing_is_written_over() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    server.edit(CAFE, "title", json!("Café de la casa"));
    server.writes();
    assert_eq!(
        actions(&site.import(&server.url(), &[]).await.1)[2],
        (CAFE, "unchanged")
    );
    site.edit(CAFE, "Con calma", "Sin prisa");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[2]),
        (ImportOutcome::Incomplete, (CAFE, "conflict"))
    );
    assert!(
        report["files"][2]["error"]["reason"]
            .as_str()
            .unwrap()
            .contains("title")
    );
    assert_eq!(
        (server.writes(), &server.post(CAFE)["title"]),
        (Vec::new(), &json!("Café de la casa"))
    );
}

#[tokio::test]
async fn a_write_that_came_too_late_is_decided_once_again() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    site.edit(TEA, "Boil", "Do boil");
    let id = server.post(TEA)["id"].as_str().unwrap().to_owned();
    server.fault(
        &format!("PATCH /v1/posts/{id}"),
        problem(412, "stale", "Changed since it was read."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[1]),
        (ImportOutcome::Done, (TEA, "update"))
    );
    assert!(
        server.post(TEA)["body"]
            .as_str()
            .unwrap()
            .starts_with("Do boil")
    );
}

#[tokio::test]
async fn a_refusal_is_told_with_what_is_wrong() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    server.fault(
        "POST /v1/posts",
        problem(409, "slug_taken", "The slug tea in es is already taken."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Incomplete, 2));
    let reasons: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|file| file["error"]["reason"].as_str())
        .collect();
    assert_eq!(
        reasons,
        ["the server refused it: The slug tea in es is already taken."]
    );
}
