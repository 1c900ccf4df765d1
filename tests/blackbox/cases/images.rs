//! Images: upload, delivery, and resolution in posts.

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, cases, draft, gif, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        an_image_is_uploaded_once_and_served_publicly,
        image_metadata_updates_require_the_current_version,
        an_image_is_found_by_its_source_path,
        a_post_shows_images_by_source_path,
        the_posts_that_use_an_image_are_listed,
        a_deleted_image_can_be_restored,
        a_sweep_counts_the_files_that_no_image_needs,
        files_that_are_not_images_are_rejected,
    ]
}

async fn upload(author: &Client, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
    author.post("/v1/images").form(bytes, fields).send().await
}

async fn uploaded(author: &Client, fields: &[(&str, &str)]) -> Value {
    upload(author, &gif(), fields).await.is(201).json()
}

async fn an_image_is_uploaded_once_and_served_publicly() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let bytes = gif();
    let made = upload(&author, &bytes, &[("alt", "Un tintero")])
        .await
        .is(201);
    let image = made.json();
    assert_eq!(image["allowed"], json!(["update", "delete"]));
    assert_eq!((&image["width"], &image["height"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&image["media_type"], &image["alt"]),
        (&json!("image/gif"), &json!("Un tintero"))
    );
    // Callers without a credential are not told about their permissions.
    let mut public = image.clone();
    for member in ["allowed", "file_name"] {
        public.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(
        anonymous
            .get(made.header("location"))
            .send()
            .await
            .is(200)
            .json(),
        public,
    );

    let again = upload(&author, &bytes, &[("alt", "Un tintero")])
        .await
        .is(200);
    assert_eq!(again.json(), image, "the same bytes are one image");
    let digest = image["sha256"].as_str().unwrap();
    let path = format!("/v1/images/by-digest/{digest}");
    let known = author.call(Method::HEAD, &path).send().await.is(200);
    assert!(known.body.is_empty());
    assert_eq!(author.get(&path).send().await.is(200).json(), image);
    let unknown = format!("/v1/images/by-digest/{}", "0".repeat(64));
    author.call(Method::HEAD, &unknown).send().await.is(404);

    let url = image["url"].as_str().unwrap();
    let shown = anonymous.get(url).send().await.is(200);
    assert_eq!(shown.body, bytes);
    assert_eq!(shown.header("content-type"), "image/gif");
    assert!(
        shown.header("cache-control").contains("immutable"),
        "{shown:?}"
    );
    let part = anonymous
        .get(url)
        .header("Range", "bytes=0-5")
        .send()
        .await
        .is(206);
    assert_eq!(part.body, b"GIF89a");
    let known = shown.header("etag");
    anonymous
        .get(url)
        .header("If-None-Match", known)
        .send()
        .await
        .is(304);
}

async fn image_metadata_updates_require_the_current_version() {
    let author = shared::server().administrator().await;
    let image = uploaded(&author, &[]).await;
    let path = format!("/v1/images/{}", image["id"].as_str().unwrap());
    let change = |tag: &str| {
        author
            .patch(&path)
            .based_on(tag)
            .json(&json!({ "alt": "Un gato" }))
    };
    let changed = change("\"1.1\"").send().await.is(200).json();
    assert_eq!(changed["alt"], "Un gato");
    change("\"1.1\"").send().await.refused(412, "stale");
    let listed = author.walk("/v1/images?limit=100").await;
    assert!(listed.contains(&changed));
}

async fn an_image_is_found_by_its_source_path() {
    let author = shared::server().administrator().await;
    let path = format!("assets/{}.gif", unique("tinta"));
    let image = uploaded(&author, &[("source_path", &path)]).await;
    let found = author.walk(&format!("/v1/images?source_path={path}")).await;
    assert_eq!(found, [image]);
    let other = upload(&author, &gif(), &[("source_path", &path)]).await;
    assert_eq!(
        other.is(409).header("content-type"),
        "application/problem+json"
    );
}

async fn a_post_shows_images_by_source_path() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let path = format!("assets/{}.gif", unique("named"));
    let image = uploaded(&author, &[("source_path", &path)]).await;
    let mut new = draft("illustrated");
    let text = format!("![Tinta](/{path})\n");
    new["body"] = json!(text);
    new["featured_image_id"] = image["id"].clone();
    let post = author.create_published(&new).await;
    let live = anonymous
        .get(&post.public_path())
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(live["body"], text, "the text is unchanged");
    let html = live["html"].as_str().unwrap();
    assert!(html.contains(image["url"].as_str().unwrap()), "{html}");
    assert_eq!(live["featured_image_id"], image["id"]);
}

async fn the_posts_that_use_an_image_are_listed() {
    let author = shared::server().administrator().await;
    let image = uploaded(&author, &[]).await;
    let path = format!("/v1/images/{}/usages", image["id"].as_str().unwrap());
    assert!(author.walk(&path).await.is_empty());
    let mut new = draft("illustrated");
    new["body"] = json!(format!("![]({})\n", image["url"].as_str().unwrap()));
    let written = author.create(&new).await;
    new["featured_image_id"] = image["id"].clone();
    let public = author.create_published(&new).await;
    let uses = author.walk(&format!("{path}?limit=1")).await;
    let places = |id: &str| {
        let found = uses.iter().find(|found| found["post_id"] == id).unwrap();
        (found["working"].clone(), found["live"].clone())
    };
    assert_eq!(uses.len(), 2);
    assert_eq!(places(&written.id), (json!(["body"]), json!([])));
    let both = json!(["featured_image", "body"]);
    assert_eq!(places(&public.id), (both.clone(), both));
}

async fn a_deleted_image_can_be_restored() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let source = format!("assets/{}.gif", unique("trash"));
    let image = uploaded(&author, &[("source_path", &source)]).await;
    let path = format!("/v1/images/{}", image["id"].as_str().unwrap());
    let url = image["url"].as_str().unwrap();
    let mut new = draft("illustrated");
    new["body"] = json!(format!("![](/{source})\n"));
    let post = author.create(&new).await;
    let delete = |query: &str| {
        let call = author.call(Method::DELETE, &format!("{path}{query}"));
        call.based_on("\"1.1\"")
    };
    let problem = delete("").send().await.is(409).json();
    assert_eq!(problem["code"], "image_in_use");
    assert_eq!(problem["usages"][0]["post_id"], post.id);
    delete("?force=true").send().await.is(204);
    anonymous.get(url).send().await.is(404);
    anonymous.get(&path).send().await.is(404);
    let found = author.walk("/v1/images?trashed=true&limit=100").await;
    let trashed = found.iter().find(|one| one["id"] == image["id"]).unwrap();
    assert_eq!(trashed["allowed"], json!(["restore"]));
    let restore = author.post(&format!("{path}/restore")).based_on("\"2.1\"");
    let restored = restore.send().await.is(200).json();
    assert_eq!(restored["trashed_at"], json!(null));
    anonymous.get(url).send().await.is(200);
}

async fn a_sweep_counts_the_files_that_no_image_needs() {
    let author = shared::server().administrator().await;
    let image = uploaded(&author, &[]).await;
    let sweep = author
        .post("/v1/image-sweeps")
        .json(&json!({ "dry_run": true }));
    let started = sweep.send().await.is(202);
    let done = finished(&author, started.header("location")).await;
    assert_eq!(
        (&done["kind"], &done["state"]),
        (&json!("sweep_images"), &json!("succeeded"))
    );
    assert_eq!(done["sweep"]["dry_run"], json!(true));
    assert!(done["sweep"]["files"].is_u64(), "{done:#}");
    let url = image["url"].as_str().unwrap();
    author.get(url).send().await.is(200);
}

/// Reads an operation until it has ended.
async fn finished(author: &Client, operation: &str) -> Value {
    loop {
        let shown = author.get(operation).send().await.is(200).json();
        if !shown["finished_at"].is_null() {
            return shown;
        }
    }
}

async fn files_that_are_not_images_are_rejected() {
    let server = shared::server();
    let author = server.administrator().await;
    let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
    for bytes in [page.as_slice(), b"", b"text", b"GIF89a"] {
        let problem = upload(&author, bytes, &[]).await.is(422).json();
        assert_eq!(problem["errors"][0]["pointer"], "/file", "{problem:#}");
    }
    upload(&server.anonymous(), &gif(), &[])
        .await
        .refused(401, "unauthenticated");
    let json = author.post("/v1/images").json(&json!({})).send().await;
    json.refused(415, "unsupported_media_type");
    server
        .anonymous()
        .get("/media/never-there.gif")
        .send()
        .await
        .refused(404, "not_found");
}
