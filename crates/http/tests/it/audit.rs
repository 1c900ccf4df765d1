//! The audit trail over REST.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::site::{Site, site, site_as};

/// The actions of a page, and the whole answer.
async fn actions(site: &Site, token: &str, query: &str) -> Vec<String> {
    let answer = site.get_as(token, &format!("/v1/audit{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    let items = answer.body["items"].as_array().unwrap();
    items
        .iter()
        .map(|record| record["action"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn records_are_found_by_resource_actor_action_and_kind() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let draft = json!({"title": "Hola", "body": ""});
    let post = site.post_as(&author, "/v1/posts", &draft).await;
    let category = json!({"name": "Nube"});
    site.post_as(&admin, "/v1/categories", &category).await;
    let me = site.get_as(&author, "/v1/me").await.body["id"].clone();
    let (me, id) = (me.as_str().unwrap(), post.body["id"].as_str().unwrap());

    let query = format!("?resource_kind=post&resource_id={id}");
    let found = site.get_as(&admin, &format!("/v1/audit{query}")).await;
    let record = &found.body["items"][0];
    assert_eq!(record["action"], "create_post");
    assert_eq!(record["actor_id"], me);
    assert_eq!(record["resource"], json!({"kind": "post", "id": id}));
    assert_eq!(
        (&record["version"], &record["revision"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(record["request_id"], post.header("x-request-id"));
    assert_eq!(record["at"], "2026-01-01T00:00:00.000Z");

    let by_author = actions(&site, &admin, &format!("?actor={me}")).await;
    assert_eq!(by_author, ["create_post", "sign_in"]);
    assert_eq!(
        actions(&site, &admin, "?action=create_category")
            .await
            .len(),
        1
    );
    let of_users = actions(&site, &admin, "?resource_kind=user").await;
    assert_eq!(
        of_users,
        ["sign_in", "create_user", "sign_in", "create_user"]
    );
    assert_eq!(actions(&site, &admin, "").await.len(), 6);
    assert!(
        actions(&site, &admin, "?until=2026-01-01T00:00:00Z")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_reader_sees_what_the_role_allows() {
    let (site, admin) = site_as(Role::Administrator).await;
    let (editor, author) = (
        site.token(Role::Editor).await,
        site.token(Role::Author).await,
    );
    for (token, title) in [(&admin, "Uno"), (&author, "Dos")] {
        let draft = json!({"title": title, "body": ""});
        site.post_as(token, "/v1/posts", &draft).await;
    }
    assert_eq!(
        actions(&site, &author, "").await,
        ["create_post", "sign_in"]
    );
    assert_eq!(
        actions(&site, &author, "?resource_kind=user").await,
        ["sign_in"]
    );
    let of_editor = actions(&site, &editor, "").await;
    assert_eq!(of_editor, ["create_post", "create_post", "sign_in"]);
    let admin_id = site.get_as(&admin, "/v1/me").await.body["id"].clone();
    let of_other = format!("?actor={}", admin_id.as_str().unwrap());
    assert!(actions(&site, &author, &of_other).await.is_empty());
    assert_eq!(actions(&site, &editor, &of_other).await, ["create_post"]);
    assert_eq!(
        site.get("/v1/audit").await.refusal(),
        (401, "unauthenticated")
    );
}

#[tokio::test]
async fn pages_and_exports_contain_every_record_once() {
    let (site, admin) = site_as(Role::Administrator).await;
    for nth in 0..30 {
        let draft = json!({"title": format!("Post {nth}"), "body": ""});
        site.post_as(&admin, "/v1/posts", &draft).await;
    }
    for filter in ["", "&action=create_post", "&resource_kind=post"] {
        let (mut ids, mut cursor) = (Vec::<Value>::new(), String::new());
        loop {
            let path = format!("/v1/audit?limit=7{filter}{cursor}");
            let page = site.get_as(&admin, &path).await;
            let items = page.body["items"].as_array().unwrap();
            ids.extend(items.iter().map(|record| record["id"].clone()));
            match page.body["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut sorted = ids.clone();
        sorted.sort_by_key(|id| std::cmp::Reverse(id.to_string()));
        sorted.dedup();
        assert_eq!(ids, sorted, "{filter}");
        assert_eq!(
            ids.len(),
            if filter.is_empty() { 32 } else { 30 },
            "{filter}"
        );
    }
    let export = site
        .get_as(&admin, "/v1/audit/export?action=create_post")
        .await;
    assert_eq!(export.header("content-type"), "application/x-ndjson");
    let lines = export
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(lines.count(), 30);
    assert_eq!(export.header("link"), "");
}

#[tokio::test]
async fn bad_filters_are_rejected_by_name() {
    let site = site().await;
    let admin = site.token(Role::Administrator).await;
    for (query, name, code) in [
        ("actor=7", "actor", "bad_format"),
        ("action=fly", "action", "bad_format"),
        ("resource_kind=planet", "resource_kind", "bad_format"),
        ("resource_id=7", "resource_id", "unknown_combination"),
        ("from=yesterday", "from", "bad_format"),
        ("who=ana", "who", "unknown_parameter"),
    ] {
        let answer = site.get_as(&admin, &format!("/v1/audit?{query}")).await;
        assert_eq!(answer.errors(), [(name, code)], "{query}");
    }
}
