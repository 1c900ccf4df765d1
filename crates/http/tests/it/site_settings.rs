//! The settings of the site: by example, and random changes against a model.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    random::sequences,
    site::{Site, site, site_as},
};

const SITE: &str = "/v1/site";

async fn change(site: &Site, token: &str, etag: &str, patch: &Value) -> Answer {
    let call = Call::patch(SITE).signed(token).based_on(etag);
    call.json(patch).to(site).await
}

#[tokio::test]
async fn the_settings_have_defaults_and_are_public() {
    let site = site().await;
    let read = site.get(SITE).await;
    assert_eq!(read.status, 200, "{}", read.text);
    assert_eq!(read.body["post_path"], "/{slug}");
    assert_eq!(read.body["default_locale"], "es");
    assert_eq!(
        (&read.body["version"], &read.body["title"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(read.etag(), "\"1.1\"");
}

#[tokio::test]
async fn only_administrators_change_the_settings_and_stale_changes_fail() {
    let (site, editor) = site_as(Role::Editor).await;
    let patch = json!({ "title": "Cuaderno" });
    let refused = change(&site, &editor, "\"1.1\"", &patch).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let admin = site.token(Role::Administrator).await;
    let changed = change(&site, &admin, "\"1.1\"", &patch).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.body["allowed"], json!(["update"]));
    let stale = change(&site, &admin, "\"1.1\"", &patch).await;
    assert_eq!(stale.status, 412, "{}", stale.text);
    let unconditional = Call::patch(SITE)
        .signed(&admin)
        .json(&patch)
        .to(&site)
        .await;
    assert_eq!(unconditional.status, 428);
    let read = site.get(SITE).await;
    assert_eq!(read.body["title"], "Cuaderno");
    assert!(read.body.get("allowed").is_none());
}

#[tokio::test]
async fn all_invalid_members_are_reported_at_once() {
    let site = site().await;
    let admin = site.token(Role::Administrator).await;
    let patch = json!({
        "post_path": "/{year}", "tag_path": "/{day}/{slug}", "base_url": "https://example.org/?x", "time_zone": "Mars",
        "embed_hosts": ["a.example", "A.example"], "locales": ["no idea"], "color": "red",
    });
    let refused = change(&site, &admin, "\"1.1\"", &patch).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let errors = refused.body["errors"].as_array().unwrap();
    let mut pointers: Vec<_> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    let expected = [
        "/base_url",
        "/color",
        "/embed_hosts/1",
        "/locales/0",
        "/post_path",
        "/tag_path",
        "/time_zone",
    ];
    assert_eq!(pointers, expected);
    let absent = json!({ "locales": ["en"] });
    let refused = change(&site, &admin, "\"1.1\"", &absent).await;
    assert_eq!(
        (refused.status, &refused.body["errors"][0]["pointer"]),
        (422, &json!("/locales"))
    );
}

#[tokio::test]
async fn the_default_language_and_the_paths_of_exports_follow_the_settings() {
    let site = site().await;
    let admin = site.token(Role::Administrator).await;
    let patch = json!({ "default_locale": "en", "post_path": "/{locale}/{year}/{slug}/", "time_zone": "Europe/Madrid" });
    assert_eq!(change(&site, &admin, "\"1.1\"", &patch).await.status, 200);
    let new = json!({
        "title": "Hi", "body": "x", "status": "published", "published_at": "2025-12-31T23:30:00Z", "aliases": ["/old"],
    });
    let made = site.post_as(&admin, "/v1/posts", &new).await;
    assert_eq!(
        (made.status, &made.body["locale"]),
        (201, &json!("en")),
        "{}",
        made.text
    );
    assert_eq!(site.get("/v1/posts/by-slug/hi").await.status, 200);
    assert_eq!(site.get("/v1/posts/by-slug/hi?locale=es").await.status, 404);
    let exported = site.get_as(&admin, "/v1/redirects/export").await;
    assert_eq!(
        exported.body["redirects"][0]["to"], "/en/2026/hi/",
        "{}",
        exported.text
    );
}

/// Members with values that a patch may set.
fn member() -> impl Strategy<Value = (&'static str, Value)> {
    select(vec![
        ("title", json!("Uno")),
        ("title", json!("Dos")),
        ("title", Value::Null),
        ("description", json!("Notas")),
        ("description", Value::Null),
        ("base_url", json!("https://example.org/blog")),
        ("base_url", Value::Null),
        ("post_path", json!("/{category}/{slug}.html")),
        ("post_path", json!("/{year}/{month}/{slug}/")),
        ("category_path", json!("/c/{path}/")),
        ("category_path", Value::Null),
        ("tag_path", json!("/t/{slug}/")),
        ("byline_path", json!("/autores/{slug}")),
        ("locales", json!(["es", "en"])),
        ("locales", json!([])),
        ("time_zone", json!("America/Mexico_City")),
        ("time_zone", Value::Null),
        ("embed_hosts", json!(["player.vimeo.com"])),
    ])
}

proptest! {
    #![proptest_config(sequences(16, 20_261_130))]

    #[test]
    fn changes_of_settings_agree_with_the_model(patches in vec((vec(member(), 0..4), any::<bool>()), 1..12)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let site = site().await;
            let admin = site.token(Role::Administrator).await;
            let mut expected = site.get(SITE).await.body;
            let mut etag = "\"1.1\"".to_owned();
            for (members, is_stale) in patches {
                let patch: Map<_, _> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let base = if is_stale { "\"99.99\"" } else { &etag };
                let answer = change(&site, &admin, base, &patch.clone().into()).await;
                if is_stale {
                    assert_eq!(answer.status, 412, "{}", answer.text);
                } else {
                    assert_eq!(answer.status, 200, "{}", answer.text);
                    for (name, value) in patch {
                        expected[name] = value;
                    }
                    expected["version"] = (expected["version"].as_u64().unwrap() + 1).into();
                    etag = answer.etag().to_owned();
                }
                let mut read = site.get(SITE).await.body;
                read["updated_at"] = expected["updated_at"].clone();
                assert_eq!(read, expected);
            }
        });
    }
}
