//! What callers may do with posts.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::json;
use tintero_domain::access::Role;

use crate::{call::Call, site::site_as};

#[tokio::test]
async fn posts_say_what_the_caller_may_do_with_them() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let reader = site.token(Role::Reader).await;
    let draft = json!({"title": "Hola", "body": ""});
    let post = site.post_as(&author, "/v1/posts", &draft).await;
    let own = json!(["edit", "submit", "publish", "schedule", "trash"]);
    assert_eq!(post.body["allowed"], own);
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let read = site.get_as(&reader, &path).await;
    assert_eq!(read.body["allowed"], json!([]));
    let read = site.get_as(&admin, &path).await;
    let all = json!([
        "edit",
        "submit",
        "request-changes",
        "publish",
        "schedule",
        "trash"
    ]);
    assert_eq!(read.body["allowed"], all);
    assert!(
        read.etag().starts_with("\"1.1-"),
        "the role is part of the tag"
    );
    let listed = site.get_as(&author, "/v1/posts?status=draft").await;
    assert_eq!(listed.body["items"][0]["allowed"], own);
    let publish = Call::post(&format!("{path}/publish")).signed(&admin);
    let published = publish.based_on(post.etag()).to(&site).await;
    assert_eq!(published.status, 200);
    let after = site.get_as(&author, &path).await;
    let allowed = after.body["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("unpublish")) && allowed.contains(&json!("archive")));
}
