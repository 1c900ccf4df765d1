use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_published_post, path};
use crate::site::site_as;

#[tokio::test]
async fn a_new_post_is_a_draft_with_location_and_etag() {
    let (site, token) = site_as(Role::Author).await;
    let body = json!({
        "title": "Programación en España", "body": "# Hola\r\n{% raw %}x{% endraw %}",
        "excerpt": "Un saludo.", "tags": ["Rust", "AWS"], "locale": "es-MX",
        "published_at": "2022-10-07T02:00:00+02:00", "aliases": ["/a/b%20c.html"],
        "seo": {"title": "T"}, "extra": {"toc": true},
        "source": {"import": "blog", "path": "_posts/a.md", "sha256": "0".repeat(64), "front_matter": "title: x\n"},
    });
    let answer = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("location"), path(&answer));
    assert_eq!(answer.etag(), "\"1.1\"");
    assert_eq!(
        answer.header("last-modified"),
        "Thu, 01 Jan 2026 00:00:00 GMT"
    );
    for (member, value) in [
        ("slug", json!("programacion-en-espana")),
        ("status", json!("draft")),
        ("review", json!("none")),
        ("view", json!("working")),
        ("has_unpublished_changes", json!(false)),
        ("live", Value::Null),
        ("body", body["body"].clone()),
        ("locale", json!("es-MX")),
        ("published_at", json!("2022-10-07T00:00:00.000Z")),
        ("aliases", json!(["/a/b c.html"])),
        ("seo", json!({"title": "T", "description": null})),
        ("extra", body["extra"].clone()),
        ("source", body["source"].clone()),
        ("version", json!(1)),
        ("revision", json!(1)),
    ] {
        assert_eq!(answer.body[member], value, "{member}");
    }
    let read = site.get_as(&token, &path(&answer)).await;
    assert_eq!(
        (read.status, &read.body, read.etag()),
        (200, &answer.body, "\"1.1\"")
    );
    let found = site
        .get_as(&token, "/v1/posts/by-source?import=blog&path=_posts%2Fa.md")
        .await;
    assert_eq!(found.body, answer.body);
}

#[tokio::test]
async fn a_taken_slug_returns_its_holder() {
    let (site, token) = site_as(Role::Author).await;
    let first = a_published_post(&site, &token, "Hola").await;
    let body = json!({"title": "Hola", "body": ""});
    let answer = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(answer.refusal(), (409, "slug_taken"));
    assert_eq!(answer.body["holder"], first.body["id"]);
    assert_eq!(answer.errors(), [("/slug", "taken")]);
}

#[tokio::test]
async fn creating_posts_requires_authentication_and_permission() {
    let (site, token) = site_as(Role::Reader).await;
    let body = json!({"title": "Hola", "body": ""});
    let answer = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(answer.refusal(), (403, "forbidden"));
    assert_eq!(answer.body["permission"], "posts:create");
    let answer = site.post("/v1/posts", &body).await;
    assert_eq!(answer.refusal(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_post_can_be_created_and_published_in_one_write() {
    let (site, token) = site_as(Role::Author).await;
    let body = json!({"title": "Hola", "body": "*Hola*", "tags": ["Rust"], "status": "published"});
    let answer = site.post_as(&token, "/v1/posts", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.etag(), "\"1.1\"");
    for (member, value) in [
        ("status", json!("published")),
        ("has_unpublished_changes", json!(false)),
        ("published_at", json!("2026-01-01T00:00:00.000Z")),
        ("first_published_at", json!("2026-01-01T00:00:00.000Z")),
        ("version", json!(1)),
        ("revision", json!(1)),
    ] {
        assert_eq!(answer.body[member], value, "{member}");
    }
    let live = site.get("/v1/posts/by-slug/hola").await;
    assert_eq!(
        (live.status, &live.body["html"], &live.body["id"]),
        (200, &json!("<p><em>Hola</em></p>\n"), &answer.body["id"])
    );
    let listed = site.get("/v1/posts?tag=rust").await;
    assert_eq!(listed.body["items"][0]["id"], answer.body["id"]);
    let revisions = site
        .get_as(&token, &format!("{}/revisions", path(&answer)))
        .await;
    assert_eq!(revisions.body["items"][0]["published"], true);
    let read = site.get_as(&token, &path(&answer)).await;
    assert_eq!((read.status, &read.body), (200, &answer.body));
}

#[tokio::test]
async fn creating_a_published_post_requires_the_permissions_of_both() {
    let (site, author) = site_as(Role::Author).await;
    let contributor = site.token(Role::Contributor).await;
    let new = |members: Value| {
        let mut body = json!({"title": "Hola", "body": "", "status": "published"});
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let today = new(json!({}));
    let refused = site.post_as(&contributor, "/v1/posts", &today).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let past = new(json!({"published_at": "2020-01-01T00:00:00Z"}));
    let refused = site.post_as(&author, "/v1/posts", &past).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(refused.body["permission"], "posts:backdate");
    let future = new(json!({"published_at": "2030-01-01T00:00:00Z"}));
    let refused = site.post_as(&author, "/v1/posts", &future).await;
    assert_eq!(refused.errors(), [("/published_at", "out_of_range")]);
    let unknown = new(json!({"status": "scheduled"}));
    let refused = site.post_as(&author, "/v1/posts", &unknown).await;
    assert_eq!(refused.errors(), [("/status", "bad_format")]);
    // No refusal has left a post behind.
    let created = site.post_as(&author, "/v1/posts", &today).await;
    assert_eq!(
        (created.status, &created.body["slug"]),
        (201, &json!("hola"))
    );
}
