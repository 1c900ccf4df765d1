use serde_json::json;
use tintero_importer::ImportOutcome;

use crate::{
    fake_server::FakeServer,
    site::{CAFE, IDEA, Site, TEA, actions},
};

#[tokio::test]
async fn a_site_is_moved_in_and_published_under_its_dates() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    let (outcome, report) = site.import(&server.url(), &["--locale", "es"]).await;
    assert_eq!(outcome, ImportOutcome::Done);
    assert_eq!(
        actions(&report),
        [(IDEA, "create"), (TEA, "create"), (CAFE, "create")]
    );

    let cafe = server.post(CAFE);
    assert_eq!(cafe["status"], "published");
    assert_eq!(cafe["published_at"], "2022-10-09T22:00:00.000Z");
    assert_eq!(cafe["slug"], "cafe-como-molerlo");
    assert_eq!(cafe["tags"], json!([]));
    assert_eq!(
        cafe["aliases"],
        json!(["/cocina/café/café-Cómo-molerlo.html"])
    );
    assert_eq!(cafe["extra"], json!({"level": "easy"}));
    assert_eq!(cafe["locale"], "es");
    assert_eq!(
        server.post(TEA)["aliases"],
        json!(["/tea.html", "/old/tea/"])
    );
    assert_eq!(server.post(IDEA)["status"], "draft");
}

#[tokio::test]
async fn front_matter_and_body_on_the_server_are_the_file_byte_for_byte() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.write(
        TEA,
        "\u{feff}--- \r\ntitle: Tea\r\n...\r\n\r\n  Boil.\r\n\r\n".as_bytes(),
    );
    site.import(&server.url(), &[]).await;
    for path in [CAFE, TEA, IDEA] {
        let post = server.post(path);
        let file = format!(
            "{}{}",
            post["source"]["front_matter"].as_str().unwrap(),
            post["body"].as_str().unwrap()
        );
        assert_eq!(file.as_bytes(), site.bytes(path), "{path}");
        assert_eq!(post["source"]["import"], "blog");
    }
}

#[tokio::test]
async fn a_second_run_writes_nothing() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    assert_eq!(server.writes().len(), 5 + 2);
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, server.writes()),
        (ImportOutcome::Done, Vec::new())
    );
    assert!(
        actions(&report)
            .iter()
            .all(|(_, action)| *action == "unchanged")
    );
}

#[tokio::test]
async fn a_dry_run_only_reads() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    let (outcome, report) = site.import(&server.url(), &["--dry-run"]).await;
    assert_eq!(
        (outcome, server.writes(), server.count()),
        (ImportOutcome::Done, Vec::new(), 0)
    );
    assert_eq!(
        actions(&report),
        [(IDEA, "create"), (TEA, "create"), (CAFE, "create")]
    );
    assert_eq!(report["image_references"]["unresolved"], 2);
    assert_eq!(report["dry_run"], true);
}

#[tokio::test]
async fn one_bad_file_stops_no_other_and_is_named_with_its_line() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    site.write(
        "_posts/2020-01-01-rota.md",
        b"---\ntitle: a\ntags: [a\n---\n",
    );
    site.write("_posts/2020-01-02-latin.md", b"---\ntitle: a\xf1o\n---\n");
    site.write("_posts/photo.png", b"");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Incomplete, 3));
    assert_eq!(
        report["totals"],
        json!({"create": 3, "error": 2, "ignored": 1})
    );
    let errors: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|file| file["error"].is_object())
        .collect();
    assert_eq!(
        (&errors[0]["error"]["code"], &errors[1]["error"]["line"]),
        (&json!("front_matter"), &json!(2))
    );
}

#[tokio::test]
async fn warnings_count_as_failures_only_when_asked() {
    let (site, server) = (Site::new(), FakeServer::open().await);
    assert_eq!(
        site.import(&server.url(), &["--strict"]).await.0,
        ImportOutcome::Incomplete
    );
    assert_eq!(site.import(&server.url(), &[]).await.0, ImportOutcome::Done);
}
