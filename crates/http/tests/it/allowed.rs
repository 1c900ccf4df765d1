//! What callers may do with posts, and the names of users next to them.

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::Call,
    site::{Site, site_as},
};

async fn my_id(site: &Site, token: &str) -> Value {
    site.get_as(token, "/v1/me").await.body["id"].clone()
}

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
    let listed = site.get_as(&author, "/v1/posts?status=draft").await;
    assert_eq!(listed.body["items"][0]["allowed"], own);
    let publish = Call::post(&format!("{path}/publish")).signed(&admin);
    let published = publish.based_on(post.etag()).to(&site).await;
    assert_eq!(published.status, 200);
    let after = site.get_as(&author, &path).await;
    let allowed = after.body["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("unpublish")) && allowed.contains(&json!("archive")));
}

#[tokio::test]
async fn desk_lists_include_the_names_of_owners() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    for (token, title) in [(&author, "Uno"), (&admin, "Dos")] {
        let draft = json!({"title": title, "body": ""});
        site.post_as(token, "/v1/posts", &draft).await;
    }
    let mut expected = Vec::new();
    for token in [&admin, &author] {
        let id = my_id(&site, token).await;
        expected.push(json!({"id": id, "display_name": "Ana García"}));
    }
    let listed = site
        .get_as(&author, "/v1/posts?status=draft&include=owner")
        .await;
    assert_eq!(
        listed.body["included"]["owners"],
        json!(expected),
        "{}",
        listed.text
    );
    let public = site.get_as(&author, "/v1/posts?include=owner").await;
    assert_eq!(public.errors(), [("include", "unknown_combination")]);
}

#[tokio::test]
async fn an_imported_byline_is_claimed_for_a_user() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let user = my_id(&site, &author).await;
    let byline = site
        .post_as(&admin, "/v1/bylines", &json!({"name": "Ana"}))
        .await;
    assert_eq!(byline.body["user_id"], Value::Null);
    let claim = |id: &Value| {
        let call = Call::patch(byline.header("location")).signed(&admin);
        let body = json!({"user_id": id}).to_string();
        call.based_on(byline.etag())
            .bytes("application/merge-patch+json", body)
    };
    let unknown = json!("01912d68-783e-7a03-8467-5661c1243ad4");
    let unknown = claim(&unknown).to(&site).await;
    assert_eq!(unknown.errors(), [("/user_id", "unknown_reference")]);
    let claimed = claim(&user).to(&site).await;
    assert_eq!(claimed.body["user_id"], user);
}
