use serde_json::json;

use crate::{
    fake_server::problem,
    site::{CAFE, Fixture, TEA},
};

#[tokio::test]
async fn an_edit_on_both_sides_is_reported_and_not_overwritten() {
    let fixture = Fixture::new().await.imported().await;
    let Fixture { site, server } = &fixture;
    server.edit(CAFE, "title", json!("Café de la casa"));
    assert_eq!(fixture.run(&[]).await.action(CAFE), "unchanged");
    site.edit(CAFE, "Con calma", "Sin prisa");
    let run = fixture.assert_no_writes(&[]).await;
    run.assert_incomplete();
    assert_eq!(run.action(CAFE), "conflict");
    let reason = run.failed_files()[0]["error"]["reason"].as_str().unwrap();
    assert!(reason.contains("title"));
    assert_eq!(server.post(CAFE)["title"], "Café de la casa");
}

#[tokio::test]
async fn a_stale_write_is_decided_once_more() {
    let fixture = Fixture::new().await.imported().await;
    let Fixture { site, server } = &fixture;
    site.edit(TEA, "Boil", "Do boil");
    let id = server.post(TEA)["id"].as_str().unwrap().to_owned();
    let stale = problem(412, "stale", "Changed since it was read.");
    server.fault(&format!("PATCH /v1/posts/{id}"), stale);
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(run.action(TEA), "update");
    let body = server.post(TEA)["body"].as_str().unwrap().to_owned();
    assert!(body.starts_with("Do boil"));
}

#[tokio::test]
async fn a_refusal_is_reported_with_its_detail() {
    let fixture = Fixture::new().await;
    let taken = problem(409, "slug_taken", "The slug tea in es is already taken.");
    fixture.server.fault("POST /v1/posts", taken);
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    assert_eq!(fixture.server.count(), 2);
    let failed = run.failed_files();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        failed[0]["error"]["reason"],
        "the server refused it: The slug tea in es is already taken."
    );
}
