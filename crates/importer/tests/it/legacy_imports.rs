//! Posts that lack what their files say, and what is done about it.

use serde_json::{Value, json};
use tintero_importer::ImportOutcome;

use crate::{
    fake_server::FakeServer,
    resources::{slugs, whole},
    site::{CAFE, IDEA, Site, TEA, actions},
};

/// What an import made of the site that knew no categories.
async fn brought_by_an_earlier_form(server: &FakeServer, site: &Site) {
    let elsewhere = FakeServer::open().await;
    site.import(&elsewhere.url(), &[]).await;
    for (path, tags) in [
        (CAFE, json!(["cocina", "café"])),
        (TEA, json!(["CAFÉ", "Tea"])),
        (IDEA, json!([])),
    ] {
        let mut post = elsewhere.post(path);
        let members = post.as_object_mut().unwrap();
        for name in ["category_ids", "byline_ids", "featured_image_id", "seo"] {
            members.remove(name);
        }
        post["tags"] = tags;
        server.put_post(post);
    }
}

#[tokio::test]
async fn a_site_that_an_earlier_form_brought_is_completed_once() {
    let (site, server) = (whole(), FakeServer::open().await);
    brought_by_an_earlier_form(&server, &site).await;
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Done, "{report:#}");
    assert_eq!(
        actions(&report),
        [(IDEA, "unchanged"), (TEA, "update"), (CAFE, "update")]
    );
    assert_eq!(
        (&server.post(CAFE)["tags"], &server.post(TEA)["tags"]),
        (&json!([]), &json!(["Tea"]))
    );
    assert_eq!(
        slugs(&server, "categories", &server.post(CAFE)["category_ids"]),
        ["cocina", "cafe"]
    );
    assert_eq!(server.post(CAFE)["status"], "published");
    server.writes();
    site.import(&server.url(), &[]).await;
    assert_eq!(server.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_changed_since_an_earlier_form_brought_it_is_no_conflict() {
    let (site, server) = (whole(), FakeServer::open().await);
    brought_by_an_earlier_form(&server, &site).await;
    site.edit(CAFE, "Con calma", "Sin prisa");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[2]),
        (ImportOutcome::Done, (CAFE, "update"))
    );
    assert_eq!(
        slugs(&server, "bylines", &server.post(CAFE)["byline_ids"]),
        ["ana-guell", "tom"]
    );
}

#[tokio::test]
async fn what_an_editor_took_away_is_not_given_back() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    for (name, value) in [
        ("category_ids", json!([])),
        ("byline_ids", json!([])),
        ("featured_image_id", Value::Null),
    ] {
        server.edit(CAFE, name, value);
    }
    server.writes();
    site.import(&server.url(), &[]).await;
    assert_eq!(server.writes(), Vec::<String>::new());
    site.edit(CAFE, "Con calma", "Sin prisa");
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, &server.post(CAFE)["category_ids"]),
        (ImportOutcome::Done, &json!([]))
    );
    site.edit(CAFE, "cocina café", "cocina");
    assert_eq!(
        site.import(&server.url(), &[]).await.0,
        ImportOutcome::Incomplete
    );
}

#[tokio::test]
async fn an_image_that_is_never_taken_is_no_reason_to_write() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.edit(
        CAFE,
        "featured_image: Molino de café.png",
        "featured_image: mill.svg",
    );
    site.write("assets/mill.svg", b"<svg/>");
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Incomplete, 3));
    server.writes();
    for flags in [["--dry-run"].as_slice(), &[]] {
        let (_, report) = site.import(&server.url(), flags).await;
        assert_eq!(
            (&report["changes"], server.writes()),
            (&json!(0), Vec::new())
        );
    }
}
