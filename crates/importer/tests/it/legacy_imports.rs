//! Posts of imports that did not support categories, and posts with missing members.

use serde_json::{Value, json};

use crate::{
    fake_server::FakeServer,
    resources::{site_with_resources, slugs},
    site::{CAFE, Fixture, IDEA, Site, TEA},
};

/// Puts the posts of an import without categories on the server.
async fn add_legacy_posts(server: &FakeServer, site: &Site) {
    let other = FakeServer::open().await;
    site.import(&other.url(), &[]).await;
    for (path, tags) in [
        (CAFE, json!(["cocina", "café"])),
        (TEA, json!(["CAFÉ", "Tea"])),
        (IDEA, json!([])),
    ] {
        let mut post = other.post(path);
        let members = post.as_object_mut().unwrap();
        for name in ["category_ids", "byline_ids", "featured_image_id", "seo"] {
            members.remove(name);
        }
        post["tags"] = tags;
        server.put_post(post);
    }
}

#[tokio::test]
async fn a_legacy_import_is_completed_once() {
    let fixture = Fixture::with(site_with_resources()).await;
    let server = &fixture.server;
    add_legacy_posts(server, &fixture.site).await;
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(
        run.actions(),
        [(IDEA, "unchanged"), (TEA, "update"), (CAFE, "update")]
    );
    let cafe = server.post(CAFE);
    assert_eq!(cafe["tags"], json!([]));
    assert_eq!(server.post(TEA)["tags"], json!(["Tea"]));
    let categories = slugs(server, "categories", &cafe["category_ids"]);
    assert_eq!(categories, ["cocina", "cafe"]);
    assert_eq!(cafe["status"], "published");
    fixture.assert_no_writes(&[]).await;
}

#[tokio::test]
async fn a_file_that_changed_since_a_legacy_import_is_not_a_conflict() {
    let fixture = Fixture::with(site_with_resources()).await;
    let server = &fixture.server;
    add_legacy_posts(server, &fixture.site).await;
    fixture.site.edit(CAFE, "Con calma", "Sin prisa");
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(run.action(CAFE), "update");
    let bylines = slugs(server, "bylines", &server.post(CAFE)["byline_ids"]);
    assert_eq!(bylines, ["ana-guell", "tom"]);
}

#[tokio::test]
async fn members_that_an_editor_removed_are_not_restored() {
    let fixture = Fixture::with(site_with_resources()).await.imported().await;
    let Fixture { site, server } = &fixture;
    server.edit(CAFE, "category_ids", json!([]));
    server.edit(CAFE, "byline_ids", json!([]));
    server.edit(CAFE, "featured_image_id", Value::Null);
    fixture.assert_no_writes(&[]).await;
    site.edit(CAFE, "Con calma", "Sin prisa");
    fixture.run(&[]).await.assert_done();
    assert_eq!(server.post(CAFE)["category_ids"], json!([]));
    site.edit(CAFE, "cocina café", "cocina");
    fixture.run(&[]).await.assert_incomplete();
}

#[tokio::test]
async fn an_image_that_the_server_never_accepts_causes_no_write() {
    let fixture = Fixture::with(site_with_resources()).await;
    let Fixture { site, server } = &fixture;
    let old = "featured_image: Molino de café.png";
    site.edit(CAFE, old, "featured_image: mill.svg");
    site.write("assets/mill.svg", &vec![0; 26 * 1024 * 1024]);
    fixture.run(&[]).await.assert_incomplete();
    assert_eq!(server.count(), 3);
    for flags in [["--dry-run"].as_slice(), &[]] {
        let run = fixture.assert_no_writes(flags).await;
        assert_eq!(run.report["changes"], 0);
    }
}
