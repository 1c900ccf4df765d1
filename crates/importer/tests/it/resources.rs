//! What posts lead to: categories, bylines and images.

use serde_json::{Value, json};
use tintero_importer::ImportOutcome;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::{FakeServer, problem},
    site::{CAFE, IDEA, Site, TEA, actions},
};

const MILL: &str = "assets/Molino de café.png";

/// The site with a picture, somebody who wrote it, and a page.
pub(crate) fn whole() -> Site {
    let site = Site::new();
    site.write(MILL, b"\x89PNG mill");
    site.write("assets/unused.png", b"\x89PNG unused");
    site.write("assets/ana.png", b"\x89PNG ana");
    site.write("about.md", b"---\ntitle: About\n---\n");
    let ana = "---\nname: Ana Güell\nposition: Tostadora\nphoto: ana.png\n---\nBebe.\n";
    site.write("_authors/ana.md", ana.as_bytes());
    site.edit(CAFE, "level: easy", "author: [ana, Tom]\nlevel: easy");
    site.edit(
        TEA,
        "tags: [Tea]",
        "tags: [Tea]\ncategory: CAFÉ\nauthors: Ana Güell",
    );
    site
}

/// The slugs of what a post leads to, in its order.
pub(crate) fn slugs(server: &FakeServer, kind: &str, ids: &Value) -> Vec<String> {
    let ids = ids.as_array().unwrap().iter();
    ids.map(|id| server.thing(kind, id)["slug"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn posts_are_filed_credited_and_illustrated() {
    let (site, server) = (whole(), FakeServer::open().await);
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Done, "{report:#}");
    let (cafe, tea) = (server.post(CAFE), server.post(TEA));
    assert_eq!(
        slugs(&server, "categories", &cafe["category_ids"]),
        ["cocina", "cafe"]
    );
    assert_eq!(slugs(&server, "categories", &tea["category_ids"]), ["cafe"]);
    assert_eq!(
        slugs(&server, "bylines", &cafe["byline_ids"]),
        ["ana-guell", "tom"]
    );
    assert_eq!(cafe["tags"], json!([]));
    let mill = server.thing("images", &cafe["featured_image_id"]);
    assert_eq!(
        (&mill["source_path"], &mill["alt"]),
        (&json!(MILL), &json!("Molino"))
    );
    let ana = &server.things("bylines")[0];
    assert_eq!(
        (&ana["position"], &ana["bio"]),
        (&json!("Tostadora"), &json!("Bebe."))
    );
    assert_eq!(server.thing("images", &ana["image_id"])["alt"], "Ana Güell");
    assert_eq!(report["changes"], 3 + 2 + 2 + 2);
    assert_eq!(
        report["image_references"],
        json!({"resolved": 3, "unresolved": 0})
    );
    assert_eq!(report["unreferenced_images"], 1);
    assert_eq!(
        report["not_posts"],
        json!([{"path": "about.md", "files": 1}])
    );
}

#[tokio::test]
async fn the_first_spelling_is_the_name_of_a_category() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    let names: Vec<_> = server
        .things("categories")
        .iter()
        .map(|term| term["name"].clone())
        .collect();
    assert_eq!(names, ["CAFÉ", "cocina"]);
}

#[tokio::test]
async fn pictures_come_before_the_posts_that_show_them() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    let writes = server.writes();
    let last_picture = writes
        .iter()
        .rposition(|call| call == "POST /v1/images")
        .unwrap();
    let first_post = writes
        .iter()
        .position(|call| call == "POST /v1/posts")
        .unwrap();
    assert!(last_picture < first_post, "{writes:?}");
}

#[tokio::test]
async fn a_second_run_of_a_whole_site_writes_nothing_and_says_so() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.import(&server.url(), &["--dry-run"]).await;
    assert_eq!(server.writes(), Vec::<String>::new());
    site.import(&server.url(), &[]).await;
    server.writes();
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, server.writes()),
        (ImportOutcome::Done, Vec::new())
    );
    assert_eq!(report["changes"], 0);
    let images = report["images"].as_array().unwrap();
    assert!(images.iter().all(|image| image["action"] == "unchanged"));
}

#[tokio::test]
async fn what_is_on_the_server_is_used_under_whatever_name_it_has_there() {
    let (site, server) = (whole(), FakeServer::open().await);
    server.put(
        "categories",
        json!({"id": "c", "name": "Café", "slug": "bebidas"}),
    );
    server.put(
        "categories",
        json!({"id": "k", "name": "En casa", "slug": "cocina"}),
    );
    server.put(
        "bylines",
        json!({"id": "a", "name": "Ana", "slug": "ana-guell", "position": "Jefa", "version": 1}),
    );
    let (_, report) = site.import(&server.url(), &[]).await;
    assert_eq!(server.post(CAFE)["category_ids"], json!(["k", "c"]));
    assert_eq!(report["categories"], json!([]));
    let ana = server.thing("bylines", &json!("a"));
    assert_eq!(
        (&ana["position"], &ana["bio"], &ana["version"]),
        (&json!("Jefa"), &json!("Bebe."), &json!(2))
    );
    server.writes();
    site.import(&server.url(), &[]).await;
    assert_eq!(server.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_category_that_somebody_else_makes_meanwhile_is_read_again() {
    let (site, server) = (whole(), FakeServer::open().await);
    server.fault(
        "POST /v1/categories",
        problem(409, "slug_taken", "The slug is taken."),
    );
    // Nobody has made it when the run begins.
    server.fault(
        "GET /v1/categories/cafe",
        problem(404, "not_found", "There is no such thing."),
    );
    server.fault(
        "GET /v1/categories/cafe",
        ResponseTemplate::new(200)
            .set_body_json(json!({"id": "x", "name": "Café", "slug": "cafe"})),
    );
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, &server.post(TEA)["category_ids"]),
        (ImportOutcome::Done, &json!(["x"]))
    );
}

#[tokio::test]
async fn a_category_that_was_merged_is_the_one_that_stands_for_it() {
    let (site, server) = (whole(), FakeServer::open().await);
    let other = json!({"id": "b", "name": "Bebidas", "slug": "bebidas"});
    server.put("categories", other);
    server.fault(
        "GET /v1/categories/cafe",
        ResponseTemplate::new(308).insert_header("location", "/v1/categories/b"),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Done, "{report:#}");
    assert_eq!(server.post(TEA)["category_ids"], json!(["b"]));
    let slugs = slugs(&server, "categories", &server.post(CAFE)["category_ids"]);
    assert_eq!(slugs, ["cocina", "bebidas"]);
}

#[tokio::test]
async fn a_picture_that_is_refused_is_told_and_its_post_goes_without_it() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.write(MILL, b"no picture");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Incomplete, 3));
    assert_eq!(
        report["images"][0]["error"]["reason"],
        "the server refused it: file must be a PNG image"
    );
    assert_eq!(server.post(CAFE)["featured_image_id"], Value::Null);
    server.writes();
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, &report["changes"]),
        (ImportOutcome::Incomplete, &json!(0))
    );
    assert_eq!(server.writes(), ["POST /v1/images"]);
    site.write(MILL, b"\x89PNG mill");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, actions(&report)[2]),
        (ImportOutcome::Done, (CAFE, "update"))
    );
    let image = &server.post(CAFE)["featured_image_id"];
    assert_eq!(server.thing("images", image)["source_path"], MILL);
    assert_eq!(server.post(CAFE)["has_unpublished_changes"], false);
}

#[tokio::test]
async fn another_picture_at_the_same_path_is_a_conflict() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.import(&server.url(), &[]).await;
    server.writes();
    site.write(MILL, b"\x89PNG another");
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(
        (outcome, server.writes()),
        (ImportOutcome::Incomplete, Vec::new())
    );
    assert_eq!(report["images"][0]["error"]["code"], "image_changed");
}

#[tokio::test]
async fn a_category_that_cannot_be_made_keeps_its_posts_for_a_later_run() {
    let (site, server) = (whole(), FakeServer::open().await);
    server.fault(
        "POST /v1/categories",
        problem(403, "forbidden", "Not allowed."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!(outcome, ImportOutcome::Incomplete);
    assert_eq!(
        actions(&report),
        [(IDEA, "create"), (TEA, "error"), (CAFE, "error")]
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Done, 3));
    assert_eq!(report["totals"], json!({"create": 2, "unchanged": 1}));
}

#[tokio::test]
async fn a_token_that_expires_among_the_pictures_leaves_all_the_rest() {
    let (site, server) = (whole(), FakeServer::open().await);
    server.fault(
        "POST /v1/images",
        problem(401, "invalid_token", "The token has expired."),
    );
    let (outcome, report) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Refused, 0));
    assert_eq!(report["totals"], json!({"not_done": 3}));
    assert!(
        report["categories"]
            .as_array()
            .unwrap()
            .iter()
            .all(|term| term["action"] == "not_done")
    );
    let (outcome, _) = site.import(&server.url(), &[]).await;
    assert_eq!((outcome, server.count()), (ImportOutcome::Done, 3));
}

#[tokio::test]
async fn what_is_named_and_not_there_is_told_with_its_place() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.write("img/Molino de café.png", b"\x89PNG other");
    site.edit(
        CAFE,
        "/assets/Molino de café.png",
        "/viejo/molino de café.png",
    );
    site.edit(TEA, "Boil water.", "Boil ![w](/water.svg).");
    site.write("water.svg", b"<svg/>");
    site.edit("_authors/ana.md", "ana.png", "nadie.png");
    let (outcome, report) = site.import(&server.url(), &["--strict"]).await;
    assert_eq!(outcome, ImportOutcome::Incomplete);
    assert_eq!(
        report["unresolved"],
        json!([
            {"path": CAFE, "line": 11, "image": "/viejo/molino de café.png", "count": 1, "candidates": [MILL, "img/Molino de café.png"]},
            {"path": "_authors/ana.md", "line": 4, "image": "nadie.png", "count": 1},
        ])
    );
    let svg = report["images"]
        .as_array()
        .unwrap()
        .iter()
        .find(|image| image["path"] == "water.svg");
    assert_eq!(svg.unwrap()["error"]["code"], "svg");
}

#[tokio::test]
async fn keys_that_name_pictures_can_be_chosen() {
    let (site, server) = (whole(), FakeServer::open().await);
    site.edit(TEA, "tags:", "foto: unused.png\ntags:");
    site.import(&server.url(), &["--image-key", "foto"]).await;
    let image = server.thing("images", &server.post(TEA)["featured_image_id"]);
    assert_eq!(image["source_path"], "assets/unused.png");
    assert_eq!(server.post(CAFE)["featured_image_id"], Value::Null);
}
