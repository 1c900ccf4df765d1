//! API keys over REST.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{Site, site, site_as},
};

async fn create(site: &Site, token: &str, scopes: &[&str]) -> Answer {
    let body = json!({"name": "robot", "scopes": scopes});
    site.post_as(token, "/v1/api-keys", &body).await
}

async fn me(site: &Site, secret: &Value) -> Answer {
    let credential = format!("ApiKey {}", secret.as_str().unwrap());
    let call = Call::get("/v1/me").header("authorization", &credential);
    call.to(site).await
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_at_once() {
    let (site, author) = site_as(Role::Author).await;
    let created = create(&site, &author, &["posts:read", "posts:create"]).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.header("cache-control"), "no-store");
    let secret = &created.body["secret"];
    let url = created.header("location").to_owned();
    assert_eq!(me(&site, secret).await.status, 200);
    let read = site.get_as(&author, &url).await;
    assert!(!read.text.contains(secret.as_str().unwrap()));
    assert_eq!(read.body["scopes"], json!(["posts:read", "posts:create"]));
    assert_eq!(read.body["state"], "active");
    assert_eq!(read.body["allowed"], json!(["rotate", "revoke"]));
    assert_eq!(read.body["owner"]["display_name"], "Ana García");
    assert_eq!(read.body["expires_at"], "2026-04-01T00:00:00.000Z");
    for _ in 0..2 {
        let revoked = Call::delete(&url).signed(&author).to(&site).await;
        assert_eq!(revoked.status, 204);
    }
    assert_eq!(me(&site, secret).await.refusal(), (401, "invalid_token"));
    let read = site.get_as(&author, &url).await;
    assert_eq!(
        (&read.body["state"], &read.body["allowed"]),
        (&json!("revoked"), &json!([]))
    );
}

#[tokio::test]
async fn scopes_are_limited_to_the_permissions_of_the_caller() {
    let (site, author) = site_as(Role::Author).await;
    for scopes in [
        &["users:manage"][..],
        &["posts:read", "posts:edit_any"],
        &["import"],
    ] {
        let refused = create(&site, &author, scopes).await;
        assert_eq!(
            refused.errors(),
            [("/scopes", "out_of_range")],
            "{scopes:?}"
        );
    }
    let unknown = create(&site, &author, &["posts:fly"]).await;
    assert_eq!(unknown.errors(), [("/scopes", "bad_format")]);
    assert_eq!(
        create(&site, &author, &[]).await.errors(),
        [("/scopes", "too_short")]
    );
    // A key can create keys only with its own scopes.
    let key = create(&site, &author, &["keys:manage_own", "posts:read"]).await;
    let credential = format!("ApiKey {}", key.body["secret"].as_str().unwrap());
    for (scope, status) in [("posts:read", 201), ("posts:create", 422)] {
        let body = json!({"name": "child", "scopes": [scope]});
        let call = Call::post("/v1/api-keys").header("authorization", &credential);
        assert_eq!(call.json(&body).to(&site).await.status, status, "{scope}");
    }
    let past =
        json!({"name": "old", "scopes": ["posts:read"], "expires_at": "2020-01-01T00:00:00Z"});
    let past = site.post_as(&author, "/v1/api-keys", &past).await;
    assert_eq!(past.errors(), [("/expires_at", "out_of_range")]);
    let endless = json!({"name": "old", "scopes": ["posts:read"], "expires_at": null});
    let endless = site.post_as(&author, "/v1/api-keys", &endless).await;
    assert_eq!(endless.body["api_key"]["expires_at"], Value::Null);
}

#[tokio::test]
async fn a_rotated_key_overlaps_with_the_new_one() {
    let (site, author) = site_as(Role::Author).await;
    let old = create(&site, &author, &["posts:read"]).await;
    let rotate = format!("{}/rotate", old.header("location"));
    let body = json!({"overlap_seconds": 60});
    let new = site.post_as(&author, &rotate, &body).await;
    assert_eq!(new.status, 201, "{}", new.text);
    assert_eq!(new.body["api_key"]["name"], "robot");
    for key in [&old, &new] {
        assert_eq!(me(&site, &key.body["secret"]).await.status, 200);
    }
    site.clock.forward_seconds(60);
    let refused = me(&site, &old.body["secret"]).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    assert_eq!(me(&site, &new.body["secret"]).await.status, 200);
    let again = site.post_as(&author, &rotate, &json!({})).await;
    assert_eq!(again.refusal(), (409, "api_key_inactive"));
    let long = json!({"overlap_seconds": 30 * 24 * 60 * 60 + 1});
    let long = site.post_as(&author, &rotate, &long).await;
    assert_eq!(long.errors(), [("/overlap_seconds", "out_of_range")]);
}

#[tokio::test]
async fn administrators_see_all_keys_and_others_their_own() {
    let (site, admin) = site_as(Role::Administrator).await;
    let (author, reader) = (
        site.token(Role::Author).await,
        site.token(Role::Reader).await,
    );
    let of_author = create(&site, &author, &["posts:read"]).await;
    let of_reader = create(&site, &reader, &["posts:read"]).await;
    let count = async |token: &str, query: &str| {
        let listed = site.get_as(token, &format!("/v1/api-keys{query}")).await;
        listed.body["items"].as_array().map(Vec::len)
    };
    assert_eq!(count(&author, "").await, Some(1));
    assert_eq!(count(&admin, "").await, Some(2));
    let owner = of_reader.body["api_key"]["owner"]["id"].as_str().unwrap();
    let query = format!("?owner={owner}");
    assert_eq!(count(&admin, &query).await, Some(1));
    let refused = site.get_as(&author, &format!("/v1/api-keys{query}")).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let url = of_reader.header("location");
    let hidden = site.get_as(&author, url).await;
    assert_eq!(hidden.refusal(), (404, "not_found"));
    let hidden = Call::delete(url).signed(&author).to(&site).await;
    assert_eq!(hidden.refusal(), (404, "not_found"));
    // Rotation returns a secret, so only the owner may rotate.
    let rotate = format!("{url}/rotate");
    let refused = site.post_as(&admin, &rotate, &json!({})).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let revoked = Call::delete(url).signed(&admin).to(&site).await;
    assert_eq!(revoked.status, 204);
    assert_eq!(me(&site, &of_reader.body["secret"]).await.status, 401);
    assert_eq!(me(&site, &of_author.body["secret"]).await.status, 200);
}

#[tokio::test]
async fn the_last_use_is_recorded_every_five_minutes() {
    let site = site().await;
    let author = site.token(Role::Author).await;
    let key = create(&site, &author, &["posts:read"]).await;
    let (url, secret) = (key.header("location"), &key.body["secret"]);
    let last_use = async || site.get_as(&author, url).await.body["last_used_at"].clone();
    assert_eq!(last_use().await, Value::Null);
    for (seconds, expected) in [
        (0, "2026-01-01T00:00:00.000Z"),
        (299, "2026-01-01T00:00:00.000Z"),
        (1, "2026-01-01T00:05:00.000Z"),
    ] {
        site.clock.forward_seconds(seconds);
        assert_eq!(me(&site, secret).await.status, 200);
        assert_eq!(last_use().await, expected);
    }
}

#[tokio::test]
async fn a_user_has_at_most_fifty_active_keys() {
    let (site, author) = site_as(Role::Author).await;
    let editor = site.token(Role::Editor).await;
    let mut last = String::new();
    for _ in 0..50 {
        let created = create(&site, &author, &["posts:read"]).await;
        assert_eq!(created.status, 201);
        created.header("location").clone_into(&mut last);
    }
    let refused = create(&site, &author, &["posts:read"]).await;
    assert_eq!(refused.refusal(), (409, "too_many_api_keys"));
    let rotate = format!("{last}/rotate");
    let rotated = site.post_as(&author, &rotate, &json!({})).await;
    assert_eq!(rotated.refusal(), (409, "too_many_api_keys"));
    assert_eq!(create(&site, &editor, &["posts:read"]).await.status, 201);
    let revoked = Call::delete(&last).signed(&author).to(&site).await;
    assert_eq!(revoked.status, 204);
    assert_eq!(create(&site, &author, &["posts:read"]).await.status, 201);
}
