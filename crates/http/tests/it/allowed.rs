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

#[tokio::test]
async fn each_resource_says_what_the_caller_may_do_with_it() {
    let (site, editor) = site_as(Role::Editor).await;
    let author = site.token(Role::Author).await;
    let kinds = [
        (
            "/v1/categories",
            json!({"name": "Nube"}),
            json!(["update", "merge", "delete"]),
        ),
        (
            "/v1/bylines",
            json!({"name": "Ana"}),
            json!(["update", "merge", "delete"]),
        ),
        (
            "/v1/redirects",
            json!({"from": "/a", "to": "/b"}),
            json!(["delete"]),
        ),
    ];
    for (list, new, all) in kinds {
        let created = site.post_as(&editor, list, &new).await;
        assert_eq!(created.body["allowed"], all, "{list}");
        let one = created.header("location").to_owned();
        for (token, allowed) in [(&editor, &all), (&author, &json!([]))] {
            let read = site.get_as(token, &one).await;
            assert_eq!(&read.body["allowed"], allowed, "{one}");
            let listed = site.get_as(token, list).await;
            assert_eq!(&listed.body["items"][0]["allowed"], allowed, "{list}");
            assert_eq!(listed.header("cache-control"), "private, no-cache");
        }
        if list != "/v1/redirects" {
            let public = site.get(&one).await;
            assert_eq!((public.status, public.body.get("allowed")), (200, None));
            let public = site.get(list).await;
            assert_eq!(public.body["items"][0].get("allowed"), None);
            assert!(public.header("cache-control").starts_with("public"));
        }
    }
}

#[tokio::test]
async fn a_change_of_the_role_changes_the_entity_tag_of_what_may_be_done() {
    let (site, editor) = site_as(Role::Editor).await;
    let author = site.token(Role::Author).await;
    let byline = site
        .post_as(&editor, "/v1/bylines", &json!({"name": "Ana"}))
        .await;
    let read = |token: &str| Call::get(byline.header("location")).signed(token);
    let known = byline.etag();
    let same = read(&editor).header("if-none-match", known).to(&site).await;
    assert_eq!(same.status, 304);
    let other = read(&author).header("if-none-match", known).to(&site).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn an_image_can_be_updated_by_its_uploader_and_by_editors() {
    let (site, author) = site_as(Role::Author).await;
    let image = crate::images::uploaded(&site, &author).await;
    assert_eq!(image.body["allowed"], json!(["update", "delete"]));
    let path = image.header("location");
    for (role, allowed) in [
        (Role::Editor, json!(["update", "delete"])),
        (Role::Contributor, json!([])),
    ] {
        let token = site.token(role).await;
        assert_eq!(site.get_as(&token, path).await.body["allowed"], allowed);
    }
    assert_eq!(site.get(path).await.body.get("allowed"), None);
}

#[tokio::test]
async fn tags_operations_and_batches_say_what_the_caller_may_do() {
    let (site, editor) = site_as(Role::Editor).await;
    let post = json!({"title": "Hola", "body": "", "tags": ["nube"], "status": "published"});
    site.post_as(&editor, "/v1/posts", &post).await;
    let tags = site.get_as(&editor, "/v1/tags").await;
    assert_eq!(tags.body["items"][0]["allowed"], json!(["rename", "merge"]));
    assert_eq!(
        site.get("/v1/tags").await.body["items"][0].get("allowed"),
        None
    );
    let rename = Call::patch("/v1/tags/nube").signed(&editor);
    let body = json!({"name": "cielo"}).to_string();
    let started = rename
        .bytes("application/merge-patch+json", body)
        .to(&site)
        .await;
    assert_eq!(started.body["allowed"], json!(["cancel"]));
    site.work().await;
    let ended = site.get_as(&editor, started.header("location")).await;
    assert_eq!(
        (&ended.body["state"], &ended.body["allowed"]),
        (&json!("succeeded"), &json!([]))
    );
    let batch = json!({"operations": [{"op": "create", "value": {"title": "Uno", "body": ""}}]});
    let report = site.post_as(&editor, "/v1/posts:batch", &batch).await;
    let allowed = &report.body["results"][0]["post"]["allowed"];
    assert!(
        allowed.as_array().unwrap().contains(&json!("publish")),
        "{}",
        report.text
    );
}
