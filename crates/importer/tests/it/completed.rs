//! Posts that lack what their files say, and what is done about it.

use serde_json::{Value, json};
use tintero_importer::Outcome;

use crate::{
    desk::Desk,
    site::{CAFE, IDEA, Site, TEA, actions},
    whole_site::{slugs, whole},
};

/// What an import made of the site that knew no categories.
async fn brought_by_an_earlier_form(desk: &Desk, site: &Site) {
    let elsewhere = Desk::open().await;
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
        desk.put_post(post);
    }
}

#[tokio::test]
async fn a_site_that_an_earlier_form_brought_is_completed_once() {
    let (site, desk) = (whole(), Desk::open().await);
    brought_by_an_earlier_form(&desk, &site).await;
    let (outcome, report) = site.import(&desk.url(), &[]).await;
    assert_eq!(outcome, Outcome::Done, "{report:#}");
    assert_eq!(
        actions(&report),
        [(IDEA, "unchanged"), (TEA, "update"), (CAFE, "update")]
    );
    assert_eq!(
        (&desk.post(CAFE)["tags"], &desk.post(TEA)["tags"]),
        (&json!([]), &json!(["Tea"]))
    );
    assert_eq!(
        slugs(&desk, "categories", &desk.post(CAFE)["category_ids"]),
        ["cocina", "cafe"]
    );
    assert_eq!(desk.post(CAFE)["status"], "published");
    desk.writes();
    site.import(&desk.url(), &[]).await;
    assert_eq!(desk.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_changed_since_an_earlier_form_brought_it_is_no_conflict() {
    let (site, desk) = (whole(), Desk::open().await);
    brought_by_an_earlier_form(&desk, &site).await;
    site.edit(CAFE, "Con calma", "Sin prisa");
    let (outcome, report) = site.import(&desk.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[2]),
        (Outcome::Done, (CAFE, "update"))
    );
    assert_eq!(
        slugs(&desk, "bylines", &desk.post(CAFE)["byline_ids"]),
        ["ana-guell", "tom"]
    );
}

#[tokio::test]
async fn what_an_editor_took_away_is_not_given_back() {
    let (site, desk) = (whole(), Desk::open().await);
    site.import(&desk.url(), &[]).await;
    for (name, value) in [
        ("category_ids", json!([])),
        ("byline_ids", json!([])),
        ("featured_image_id", Value::Null),
    ] {
        desk.edit(CAFE, name, value);
    }
    desk.writes();
    site.import(&desk.url(), &[]).await;
    assert_eq!(desk.writes(), Vec::<String>::new());
    site.edit(CAFE, "Con calma", "Sin prisa");
    let (outcome, _) = site.import(&desk.url(), &[]).await;
    assert_eq!(
        (outcome, &desk.post(CAFE)["category_ids"]),
        (Outcome::Done, &json!([]))
    );
    site.edit(CAFE, "cocina café", "cocina");
    assert_eq!(site.import(&desk.url(), &[]).await.0, Outcome::Incomplete);
}

#[tokio::test]
async fn an_image_that_is_never_taken_is_no_reason_to_write() {
    let (site, desk) = (whole(), Desk::open().await);
    site.edit(
        CAFE,
        "featured_image: Molino de café.png",
        "featured_image: mill.svg",
    );
    site.write("assets/mill.svg", b"<svg/>");
    let (outcome, _) = site.import(&desk.url(), &[]).await;
    assert_eq!((outcome, desk.count()), (Outcome::Incomplete, 3));
    desk.writes();
    for flags in [["--dry-run"].as_slice(), &[]] {
        let (_, report) = site.import(&desk.url(), flags).await;
        assert_eq!((&report["changes"], desk.writes()), (&json!(0), Vec::new()));
    }
}
