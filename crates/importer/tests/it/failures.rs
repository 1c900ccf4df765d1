use std::{fs, net::TcpListener};

use serde_json::json;
use tempfile::TempDir;
use tintero_importer::ImportOutcome;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::{FakeServer, problem},
    site::{Site, import, import_as},
};

#[tokio::test]
async fn a_token_that_is_not_accepted_ends_the_run_before_anything_is_written() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    let outcome = import_as("wrong", &site.root(), &server.url(), &[]).await;
    assert_eq!(
        (outcome, outcome.code(), server.writes()),
        (ImportOutcome::Refused, 2, Vec::new())
    );
}

#[tokio::test]
async fn a_token_that_expires_on_the_way_leaves_the_rest_for_the_next_run() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    for number in 0..20 {
        site.write(
            &format!("_posts/2020-01-01-nota {number:02}.md"),
            b"---\n---\nHola.\n",
        );
    }
    server.fault(
        "/publish",
        problem(401, "invalid_token", "The token has expired."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Refused);
    assert!(report["stopped"].as_str().unwrap().contains("expired"));
    assert!(report["totals"]["not_done"].as_u64().unwrap() > 10);
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Done, 23));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_at_once() {
    let site = Site::new();
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        import(&site.root(), &format!("http://{free}"), &[]).await,
        ImportOutcome::Refused
    );
}

#[tokio::test]
async fn redirects_and_servers_of_another_kind_are_refused() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    server.fault(
        "by-source",
        ResponseTemplate::new(302).insert_header("location", "https://example.org/"),
    );
    assert_eq!(
        import(&site.root(), &server.url(), &[]).await,
        ImportOutcome::Refused
    );
    assert_eq!(
        import(&site.root(), &format!("{}/wrong", server.url()), &[]).await,
        ImportOutcome::Refused
    );
    assert_eq!(server.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn folders_and_settings_that_cannot_be_used_are_refused() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    let empty = TempDir::new().unwrap();
    assert_eq!(
        import(empty.path(), &server.url(), &[]).await,
        ImportOutcome::Refused
    );
    assert_eq!(
        import(&empty.path().join("nowhere"), &server.url(), &[]).await,
        ImportOutcome::Refused
    );
    fs::write(
        site.root().join("_config.yml"),
        "timezone: Europe/Nowhere\n",
    )
    .unwrap();
    assert_eq!(
        import(&site.root(), &server.url(), &[]).await,
        ImportOutcome::Refused
    );
    assert_eq!(
        import(
            &site.root(),
            &server.url(),
            &["--dry-run", "--time-zone", "Europe/Madrid"]
        )
        .await,
        ImportOutcome::Done
    );
    fs::write(site.root().join("_config.yml"), "a: [\n").unwrap();
    assert_eq!(
        import(&site.root(), &server.url(), &[]).await,
        ImportOutcome::Refused
    );
}

#[tokio::test]
async fn many_files_in_deep_folders_with_odd_names_keep_their_order() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    let deep = "a/".repeat(60);
    for number in 0..200 {
        let name = format!("_posts/{deep}2020-01-01-línea  {}, {number}.md", number % 7);
        site.write(&name, b"---\ntitle: Igual\n---\nHola.\n");
    }
    let (outcome, report) = site.import(&server.url(), &["--json"]).await;
    assert_eq!(
        (outcome, &report["totals"]),
        (ImportOutcome::Done, &json!({"create": 203}))
    );
    let paths: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert!(paths.is_sorted());
}
