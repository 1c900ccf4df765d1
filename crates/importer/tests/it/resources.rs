//! Categories, bylines and images of posts.

use serde_json::{Value, json};
use tintero_importer::ImportOutcome;
use wiremock::ResponseTemplate;

use crate::{
    fake_server::{FakeServer, problem},
    site::{CAFE, Fixture, IDEA, Site, TEA},
};

const MILL: &str = "assets/Molino de café.png";

/// The site with images, an author and a page.
pub(crate) fn site_with_resources() -> Site {
    let site = Site::new();
    let ana = "---\nname: Ana Güell\nposition: Tostadora\nphoto: ana.png\n---\nBebe.\n";
    for (path, bytes) in [
        (MILL, b"\x89PNG mill".as_slice()),
        ("assets/unused.png", b"\x89PNG unused"),
        ("assets/ana.png", b"\x89PNG ana"),
        ("about.md", b"---\ntitle: About\n---\n"),
        ("_authors/ana.md", ana.as_bytes()),
    ] {
        site.write(path, bytes);
    }
    site.edit(CAFE, "level: easy", "author: [ana, Tom]\nlevel: easy");
    let tags = "tags: [Tea]\ncategory: CAFÉ\nauthors: Ana Güell";
    site.edit(TEA, "tags: [Tea]", tags);
    site
}

async fn fixture() -> Fixture {
    Fixture::with(site_with_resources()).await
}

/// The slugs of resources with these ids.
pub(crate) fn slugs(server: &FakeServer, kind: &str, ids: &Value) -> Vec<String> {
    let ids = ids.as_array().unwrap().iter();
    ids.map(|id| {
        server.resource(kind, id)["slug"]
            .as_str()
            .unwrap()
            .to_owned()
    })
    .collect()
}

#[tokio::test]
async fn posts_have_categories_bylines_and_images() {
    let fixture = fixture().await;
    let server = &fixture.server;
    let run = fixture.run(&[]).await;
    run.assert_done();
    let (cafe, tea) = (server.post(CAFE), server.post(TEA));
    let categories = |post: &Value| slugs(server, "categories", &post["category_ids"]);
    assert_eq!(categories(&cafe), ["cocina", "cafe"]);
    assert_eq!(categories(&tea), ["cafe"]);
    let bylines = slugs(server, "bylines", &cafe["byline_ids"]);
    assert_eq!(bylines, ["ana-guell", "tom"]);
    assert_eq!(cafe["tags"], json!([]));
    let mill = server.resource("images", &cafe["featured_image_id"]);
    assert_eq!(mill["source_path"], MILL);
    assert_eq!(mill["alt"], "Molino");
    let ana = &server.resources("bylines")[0];
    assert_eq!(
        (&ana["position"], &ana["bio"]),
        (&json!("Tostadora"), &json!("Bebe."))
    );
    assert_eq!(
        server.resource("images", &ana["image_id"])["alt"],
        "Ana Güell"
    );
    for (name, value) in [
        ("changes", json!(3 + 2 + 2 + 2)),
        ("image_references", json!({"resolved": 3, "unresolved": 0})),
        ("unreferenced_images", json!(1)),
        ("not_posts", json!([{"path": "about.md", "files": 1}])),
    ] {
        assert_eq!(run.report[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_first_spelling_is_the_name_of_a_category() {
    let fixture = fixture().await.imported().await;
    let categories = fixture.server.resources("categories");
    let names: Vec<_> = categories
        .iter()
        .map(|category| &category["name"])
        .collect();
    assert_eq!(names, ["CAFÉ", "cocina"]);
}

#[tokio::test]
async fn names_that_look_alike_are_different() {
    let site = Site::new();
    for (path, front_matter) in [
        (
            "_posts/2024-01-01-a.md",
            "categories: [C, año]\nauthor: José",
        ),
        (
            "_posts/2024-01-02-b.md",
            "categories: ['C#', ano]\nauthor: Jose",
        ),
        (
            "_posts/2024-01-03-c.md",
            "categories: [C++, AÑO]\nauthor: JOSÉ",
        ),
    ] {
        site.write(path, format!("---\n{front_matter}\n---\nx\n").as_bytes());
    }
    let fixture = Fixture::with(site).await;
    let run = fixture.run(&[]).await;
    run.assert_done();
    let slugs = |kind: &str| {
        let mut slugs: Vec<(String, String)> = fixture
            .server
            .resources(kind)
            .iter()
            .map(|it| (it["name"].to_string(), it["slug"].to_string()))
            .map(|(name, slug)| (name.replace('"', ""), slug.replace('"', "")))
            .collect();
        slugs.sort();
        slugs
    };
    let pair = |name: &str, slug: &str| (name.to_owned(), slug.to_owned());
    let expected = [
        pair("C", "c"),
        pair("C#", "c-sharp"),
        pair("C++", "c-plus-plus"),
        pair("ano", "ano-2"),
        pair("año", "ano"),
    ];
    let categories = slugs("categories");
    assert!(
        expected.iter().all(|pair| categories.contains(pair)),
        "{categories:?}"
    );
    assert_eq!(
        slugs("bylines"),
        [pair("Jose", "jose-2"), pair("José", "jose")]
    );
    let categories = run.report["categories"].as_array().unwrap();
    let ano = categories.iter().find(|it| it["name"] == "ano").unwrap();
    assert_eq!(ano["note"], "looks like `año`, but is another name");
    fixture.assert_no_writes(&[]).await.assert_done();
}

#[tokio::test]
async fn images_are_uploaded_before_the_first_post() {
    let fixture = fixture().await;
    fixture.run(&[]).await;
    let writes = fixture.server.writes();
    let last_image = writes.iter().rposition(|call| call == "POST /v1/images");
    let first_post = writes.iter().position(|call| call == "POST /v1/posts");
    assert!(last_image.unwrap() < first_post.unwrap(), "{writes:?}");
}

#[tokio::test]
async fn a_second_run_writes_nothing_and_reports_no_changes() {
    let fixture = fixture().await;
    fixture.assert_no_writes(&["--dry-run"]).await;
    fixture.run(&[]).await;
    let run = fixture.assert_no_writes(&[]).await;
    run.assert_done();
    assert_eq!(run.report["changes"], 0);
    let images = run.report["images"].as_array().unwrap();
    assert!(images.iter().all(|image| image["action"] == "unchanged"));
}

#[tokio::test]
async fn existing_resources_are_found_by_name_and_by_slug() {
    let fixture = fixture().await;
    let server = &fixture.server;
    for (kind, resource) in [
        (
            "categories",
            json!({"id": "c", "name": "Café", "slug": "bebidas"}),
        ),
        (
            "categories",
            json!({"id": "k", "name": "En casa", "slug": "cocina"}),
        ),
        (
            "bylines",
            json!({"id": "a", "name": "Ana", "slug": "ana-guell", "position": "Jefa", "version": 1}),
        ),
    ] {
        server.put(kind, resource);
    }
    let run = fixture.run(&[]).await;
    assert_eq!(server.post(CAFE)["category_ids"], json!(["k", "c"]));
    assert_eq!(run.report["categories"], json!([]));
    let ana = server.resource("bylines", &json!("a"));
    assert_eq!(
        (&ana["position"], &ana["bio"], &ana["version"]),
        (&json!("Jefa"), &json!("Bebe."), &json!(2))
    );
    fixture.assert_no_writes(&[]).await;
}

#[tokio::test]
async fn a_category_that_another_client_creates_is_read_again() {
    let fixture = fixture().await;
    let server = &fixture.server;
    let taken = problem(409, "slug_taken", "The slug is taken.");
    server.fault("POST /v1/categories", taken);
    // The category does not exist yet when the run begins.
    let missing = problem(404, "not_found", "There is no such category.");
    server.fault("GET /v1/categories/cafe", missing);
    let created = json!({"id": "x", "name": "Café", "slug": "cafe"});
    let created = ResponseTemplate::new(200).set_body_json(created);
    server.fault("GET /v1/categories/cafe", created);
    fixture.run(&[]).await.assert_done();
    assert_eq!(server.post(TEA)["category_ids"], json!(["x"]));
}

#[tokio::test]
async fn a_merged_category_is_replaced_by_its_target() {
    let fixture = fixture().await;
    let server = &fixture.server;
    let target = json!({"id": "b", "name": "Bebidas", "slug": "bebidas"});
    server.put("categories", target);
    let redirect = ResponseTemplate::new(308).insert_header("location", "/v1/categories/b");
    server.fault("GET /v1/categories/cafe", redirect);
    fixture.run(&[]).await.assert_done();
    assert_eq!(server.post(TEA)["category_ids"], json!(["b"]));
    let slugs = slugs(server, "categories", &server.post(CAFE)["category_ids"]);
    assert_eq!(slugs, ["cocina", "bebidas"]);
}

#[tokio::test]
async fn a_refused_image_is_reported_and_its_post_is_imported_without_it() {
    let fixture = fixture().await;
    let Fixture { site, server } = &fixture;
    site.write(MILL, b"not an image");
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    assert_eq!(server.count(), 3);
    let reason = &run.report["images"][0]["error"]["reason"];
    assert_eq!(*reason, "the server refused it: file must be a PNG image");
    assert_eq!(server.post(CAFE)["featured_image_id"], Value::Null);
    server.writes();
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    assert_eq!(run.report["changes"], 0);
    assert_eq!(server.writes(), ["POST /v1/images"]);
    site.write(MILL, b"\x89PNG mill");
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(run.action(CAFE), "update");
    let cafe = server.post(CAFE);
    let image = server.resource("images", &cafe["featured_image_id"]);
    assert_eq!(image["source_path"], MILL);
    assert_eq!(cafe["has_unpublished_changes"], false);
}

#[tokio::test]
async fn another_image_at_the_same_path_is_a_conflict() {
    let fixture = fixture().await.imported().await;
    fixture.site.write(MILL, b"\x89PNG another");
    let run = fixture.assert_no_writes(&[]).await;
    run.assert_incomplete();
    assert_eq!(run.report["images"][0]["error"]["code"], "image_changed");
}

#[tokio::test]
async fn posts_of_a_category_that_cannot_be_created_wait_for_a_later_run() {
    let fixture = fixture().await;
    let forbidden = problem(403, "forbidden", "Not allowed.");
    fixture.server.fault("POST /v1/categories", forbidden);
    let run = fixture.run(&[]).await;
    run.assert_incomplete();
    assert_eq!(
        run.actions(),
        [(IDEA, "create"), (TEA, "error"), (CAFE, "error")]
    );
    let run = fixture.run(&[]).await;
    run.assert_done();
    assert_eq!(fixture.server.count(), 3);
    assert_eq!(run.report["totals"], json!({"create": 2, "unchanged": 1}));
}

#[tokio::test]
async fn a_token_that_expires_during_the_upload_stops_the_run() {
    let fixture = fixture().await;
    let expired = problem(401, "invalid_token", "The token has expired.");
    fixture.server.fault("POST /v1/images", expired);
    let run = fixture.run(&[]).await;
    assert_eq!(run.outcome, ImportOutcome::Refused);
    assert_eq!(fixture.server.count(), 0);
    assert_eq!(run.report["totals"], json!({"not_done": 3}));
    let categories = run.report["categories"].as_array().unwrap();
    assert!(
        categories
            .iter()
            .all(|category| category["action"] == "not_done")
    );
    fixture.run(&[]).await.assert_done();
    assert_eq!(fixture.server.count(), 3);
}

#[tokio::test]
async fn missing_images_are_reported_with_their_position() {
    let fixture = fixture().await;
    let site = &fixture.site;
    site.write("img/Molino de café.png", b"\x89PNG other");
    let (old, new) = ("/assets/Molino de café.png", "/viejo/molino de café.png");
    site.edit(CAFE, old, new);
    site.edit(TEA, "Boil water.", "Boil ![w](/water.svg).");
    site.write("water.svg", &vec![0; 26 * 1024 * 1024]);
    site.edit("_authors/ana.md", "ana.png", "nadie.png");
    let run = fixture.run(&["--strict"]).await;
    run.assert_incomplete();
    assert_eq!(
        run.report["unresolved"],
        json!([
            {"path": CAFE, "line": 11, "image": new, "count": 1, "candidates": [MILL, "img/Molino de café.png"]},
            {"path": "_authors/ana.md", "line": 4, "image": "nadie.png", "count": 1},
        ])
    );
    let images = run.report["images"].as_array().unwrap();
    let large = images.iter().find(|image| image["path"] == "water.svg");
    assert_eq!(large.unwrap()["error"]["code"], "too_large");
}

#[tokio::test]
async fn the_keys_of_images_can_be_chosen() {
    let fixture = fixture().await;
    let Fixture { site, server } = &fixture;
    site.edit(TEA, "tags:", "foto: unused.png\ntags:");
    fixture.run(&["--image-key", "foto"]).await;
    let image = server.resource("images", &server.post(TEA)["featured_image_id"]);
    assert_eq!(image["source_path"], "assets/unused.png");
    assert_eq!(server.post(CAFE)["featured_image_id"], Value::Null);
}
