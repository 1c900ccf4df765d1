use serde_json::json;

use crate::site::{CAFE, Fixture, IDEA, TEA};

#[tokio::test]
async fn a_site_is_imported_and_published_under_its_dates() {
    let fixture = Fixture::new().await;
    let server = &fixture.server;
    let run = fixture.run(&["--locale", "es"]).await;
    run.assert_done();
    assert_eq!(
        run.actions(),
        [(IDEA, "create"), (TEA, "create"), (CAFE, "create")]
    );

    let cafe = server.post(CAFE);
    for (name, value) in [
        ("status", json!("published")),
        ("published_at", json!("2022-10-09T22:00:00.000Z")),
        ("slug", json!("cafe-como-molerlo")),
        ("tags", json!([])),
        ("aliases", json!(["/cocina/café/café-Cómo-molerlo.html"])),
        ("extra", json!({"level": "easy"})),
        ("locale", json!("es")),
    ] {
        assert_eq!(cafe[name], value, "{name}");
    }
    assert_eq!(
        server.post(TEA)["aliases"],
        json!(["/tea.html", "/old/tea/"])
    );
    assert_eq!(server.post(IDEA)["status"], "draft");
}

#[tokio::test]
async fn front_matter_and_body_on_the_server_are_the_file_byte_for_byte() {
    let fixture = Fixture::new().await;
    let tea = "\u{feff}--- \r\ntitle: Tea\r\n...\r\n\r\n  Boil.\r\n\r\n";
    fixture.site.write(TEA, tea.as_bytes());
    fixture.run(&[]).await;
    for path in [CAFE, TEA, IDEA] {
        let post = fixture.server.post(path);
        let head = post["source"]["front_matter"].as_str().unwrap();
        let file = format!("{head}{}", post["body"].as_str().unwrap());
        assert_eq!(file.as_bytes(), fixture.site.bytes(path), "{path}");
        assert_eq!(post["source"]["import"], "blog");
    }
}

#[tokio::test]
async fn a_second_run_writes_nothing() {
    let fixture = Fixture::new().await;
    fixture.run(&[]).await;
    assert_eq!(fixture.server.writes().len(), 3 + 2);
    let run = fixture.assert_no_writes(&[]).await;
    run.assert_done();
    assert_eq!(run.report["totals"], json!({"unchanged": 3}));
}

#[tokio::test]
async fn a_dry_run_only_reads() {
    let fixture = Fixture::new().await;
    let run = fixture.assert_no_writes(&["--dry-run"]).await;
    run.assert_done();
    assert_eq!(fixture.server.count(), 0);
    assert_eq!(run.report["totals"], json!({"create": 3}));
    assert_eq!(run.report["image_references"]["unresolved"], 2);
    assert_eq!(run.report["dry_run"], true);
}

#[tokio::test]
async fn an_invalid_file_is_reported_with_its_line_and_the_others_are_imported() {
    let fixture = Fixture::new().await;
    let invalid = b"---\ntitle: a\ntags: [a\n---\n";
    fixture.site.write("_posts/2020-01-01-rota.md", invalid);
    let latin = b"---\ntitle: a\xf1o\n---\n";
    fixture.site.write("_posts/2020-01-02-latin.md", latin);
    fixture.site.write("_posts/photo.png", b"");
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    assert_eq!(fixture.server.count(), 3);
    let totals = json!({"create": 3, "error": 2, "ignored": 1});
    assert_eq!(run.report["totals"], totals);
    let failed = run.failed_files();
    assert_eq!(failed[0]["error"]["code"], "front_matter");
    assert_eq!(failed[1]["error"]["line"], 2);
}

#[tokio::test]
async fn warnings_are_failures_only_with_strict() {
    let fixture = Fixture::new().await;
    fixture.run(&["--strict"]).await.assert_incomplete();
    fixture.run(&[]).await.assert_done();
}
