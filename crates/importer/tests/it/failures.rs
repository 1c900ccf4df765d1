use std::{fs, net::TcpListener};

use serde_json::json;
use tempfile::TempDir;
use tintero_importer::ImportOutcome;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::problem,
    site::{Fixture, Site, import, import_as},
};

async fn assert_refused(folder: &std::path::Path, url: &str) {
    assert_eq!(import(folder, url, &[]).await, ImportOutcome::Refused);
}

#[tokio::test]
async fn an_invalid_token_ends_the_run_before_the_first_write() {
    let Fixture { site, server } = Fixture::new().await;
    let outcome = import_as("wrong", &site.root(), &server.url(), &[]).await;
    assert_eq!((outcome, outcome.code()), (ImportOutcome::Refused, 2));
    assert_eq!(server.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_expired_token_leaves_the_rest_for_the_next_run() {
    let fixture = Fixture::new().await;
    for number in 0..20 {
        let path = format!("_posts/2020-01-01-nota {number:02}.md");
        fixture.site.write(&path, b"---\n---\nHola.\n");
    }
    let expired = problem(401, "invalid_token", "The token has expired.");
    fixture.server.fault("POST /v1/posts", expired);
    let run = fixture.run(&[]).await;
    assert_eq!(run.outcome, ImportOutcome::Refused);
    assert!(run.report["stopped"].as_str().unwrap().contains("expired"));
    assert!(run.report["totals"]["not_done"].as_u64().unwrap() > 10);
    fixture.run(&[]).await.assert_done();
    assert_eq!(fixture.server.count(), 23);
}

#[tokio::test]
async fn an_unreachable_server_is_reported_at_once() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    assert_refused(&Site::new().root(), &format!("http://{}", free.unwrap())).await;
}

#[tokio::test]
async fn redirects_and_other_servers_are_refused() {
    let Fixture { site, server } = Fixture::new().await;
    let redirect = ResponseTemplate::new(302).insert_header("location", "https://example.org/");
    server.fault("by-source", redirect);
    assert_refused(&site.root(), &server.url()).await;
    assert_refused(&site.root(), &format!("{}/wrong", server.url())).await;
    assert_eq!(server.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn invalid_folders_and_configurations_are_refused() {
    let Fixture { site, server } = Fixture::new().await;
    let empty = TempDir::new().unwrap();
    assert_refused(empty.path(), &server.url()).await;
    assert_refused(&empty.path().join("nowhere"), &server.url()).await;
    let config = site.root().join("_config.yml");
    fs::write(&config, "timezone: Europe/Nowhere\n").unwrap();
    assert_refused(&site.root(), &server.url()).await;
    let flags = ["--dry-run", "--time-zone", "Europe/Madrid"];
    let outcome = import(&site.root(), &server.url(), &flags).await;
    assert_eq!(outcome, ImportOutcome::Done);
    fs::write(&config, "a: [\n").unwrap();
    assert_refused(&site.root(), &server.url()).await;
}

#[tokio::test]
async fn many_files_in_deep_folders_with_unusual_names_keep_their_order() {
    let fixture = Fixture::new().await;
    let deep = "a/".repeat(60);
    for number in 0..200 {
        let name = format!("_posts/{deep}2020-01-01-línea  {}, {number}.md", number % 7);
        fixture
            .site
            .write(&name, b"---\ntitle: Igual\n---\nHola.\n");
    }
    let run = fixture.run(&["--json"]).await;
    run.assert_done();
    assert_eq!(run.report["totals"], json!({"create": 203}));
    assert!(run.actions().is_sorted_by_key(|(path, _)| *path));
}
