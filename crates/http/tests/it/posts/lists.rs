use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_post, a_published_post};
use crate::{call::Answer, site::site_as};

fn titles(answer: &Answer) -> Vec<&Value> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| &item["title"]).collect()
}

#[tokio::test]
async fn the_public_list_is_paginated_by_links() {
    let (site, token) = site_as(Role::Editor).await;
    for title in ["Uno", "Dos", "Tres"] {
        a_published_post(&site, &token, title).await;
        site.clock.forward_seconds(1);
    }
    a_post(&site, &token, "Borrador").await;
    let first = site.get("/v1/posts?limit=2&tag=RUST").await;
    assert_eq!(titles(&first), ["Tres", "Dos"]);
    assert_eq!(first.body["page"]["has_next"], true);
    let item = &first.body["items"][0];
    assert_eq!(
        (&item["view"], &item["body"], &item["html"]),
        (&json!("live"), &Value::Null, &Value::Null)
    );
    let link = first
        .header("link")
        .strip_suffix(">; rel=\"next\"")
        .unwrap();
    let link = link.strip_prefix('<').unwrap();
    assert!(
        link.starts_with("/v1/posts?limit=2&tag=RUST&cursor="),
        "{link}"
    );
    let second = site.get(link).await;
    assert_eq!(titles(&second), ["Uno"]);
    assert_eq!(
        second.body["page"],
        json!({"next_cursor": null, "has_next": false})
    );
    assert_eq!(second.header("link"), "");
}

#[tokio::test]
async fn a_cursor_of_another_list_returns_400() {
    let (site, token) = site_as(Role::Editor).await;
    for title in ["Uno", "Dos"] {
        a_published_post(&site, &token, title).await;
    }
    let page = site.get("/v1/posts?limit=1").await;
    let cursor = page.body["page"]["next_cursor"].as_str().unwrap();
    let foreign = site
        .get(&format!("/v1/posts?locale=es&cursor={cursor}"))
        .await;
    assert_eq!(foreign.refusal(), (400, "bad_cursor"));
}

#[tokio::test]
async fn lists_by_status_return_working_copies() {
    let (site, token) = site_as(Role::Editor).await;
    let draft = a_post(&site, &token, "Borrador").await;
    a_published_post(&site, &token, "Publicado").await;
    let owner = draft.body["owner_id"].as_str().unwrap();
    for (query, expected) in [
        ("status=draft".to_owned(), &["Borrador"][..]),
        ("status=published&view=working".to_owned(), &["Publicado"]),
        (format!("status=draft&owner={owner}"), &["Borrador"]),
        ("status=trashed".to_owned(), &[]),
        ("status=any&limit=1".to_owned(), &["Publicado"]),
    ] {
        site.clock.forward_seconds(1);
        let answer = site.get_as(&token, &format!("/v1/posts?{query}")).await;
        assert_eq!(titles(&answer), expected, "{query}");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        if let Some(item) = answer.body["items"].get(0) {
            assert_eq!(
                (&item["view"], &item["body"]),
                (&json!("working"), &Value::Null)
            );
            assert!(item["version"].is_u64());
        }
    }
}

#[tokio::test]
async fn a_public_list_with_a_token_is_not_cached() {
    let (site, token) = site_as(Role::Reader).await;
    let answer = site.get_as(&token, "/v1/posts").await;
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let bad = site.get_as("x", "/v1/posts").await;
    assert_eq!(bad.refusal(), (401, "invalid_token"));
}
