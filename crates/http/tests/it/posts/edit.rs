use serde_json::json;
use tintero_domain::access::Role;

use super::{a_post, path};
use crate::{call::Call, site::site_as};

#[tokio::test]
async fn a_patch_changes_the_given_members_and_null_clears() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let patch = json!({"title": "Adiós", "tags": null, "excerpt": "Corto."}).to_string();
    let call = Call::patch(&path(&post))
        .signed(&token)
        .based_on("W/\"1.1--gzip\"");
    let answer = call
        .bytes("application/merge-patch+json", patch)
        .to(&site)
        .await;
    assert_eq!(
        (answer.status, answer.etag()),
        (200, "\"2.2\""),
        "{}",
        answer.body
    );
    assert_eq!(answer.body["title"], "Adiós");
    assert_eq!(answer.body["tags"], json!([]));
    assert_eq!(answer.body["body"], post.body["body"]);
}

#[tokio::test]
async fn required_members_cannot_be_cleared() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let patch = json!({"title": null, "slug": null, "body": null, "locale": null});
    let call = Call::patch(&path(&post))
        .signed(&token)
        .based_on(post.etag());
    let answer = call.json(&patch).to(&site).await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    let mut places: Vec<_> = answer.errors();
    places.sort_unstable();
    let expected = ["/body", "/locale", "/slug", "/title"].map(|place| (place, "wrong_type"));
    assert_eq!(places, expected);
}

#[tokio::test]
async fn a_write_requires_if_match() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let call = || {
        Call::patch(&path(&post))
            .signed(&token)
            .json(&json!({"title": "A"}))
    };
    assert_eq!(
        call().to(&site).await.refusal(),
        (428, "precondition_required")
    );
    assert_eq!(
        call().based_on("*").to(&site).await.refusal(),
        (428, "precondition_required")
    );
    let answer = call().based_on("\"1.1\", \"2.2\"").to(&site).await;
    assert_eq!(answer.refusal(), (400, "bad_header"));
    assert_eq!(answer.errors(), [("If-Match", "bad_format")]);
}

#[tokio::test]
async fn a_tag_that_this_server_never_sent_is_stale_and_reveals_no_missing_resource() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let write = |path: &str| {
        Call::patch(path)
            .signed(&token)
            .based_on("W/\"of-another-server\"")
            .json(&json!({"title": "A"}))
    };
    let answer = write(&path(&post)).to(&site).await;
    assert_eq!(answer.refusal(), (412, "stale"));
    assert_eq!(answer.etag(), post.etag());
    assert_eq!(answer.body["conflicts"]["title"]["current"], "Hola");
    assert!(answer.body.get("base_revision").is_none());
    assert!(answer.body["links"].get("base").is_none());
    let missing = "/v1/posts/019b0000-0000-7000-8000-00000000ffff";
    assert_eq!(write(missing).to(&site).await.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn a_stale_write_returns_412_with_both_versions() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let write = |patch| {
        Call::patch(&path(&post))
            .signed(&token)
            .based_on(post.etag())
            .json(&patch)
    };
    let first = write(json!({"title": "Primero", "body": "# Hola\n\nUno.\n"}))
        .to(&site)
        .await;
    assert_eq!(first.status, 200);
    let late = write(json!({"title": "Segundo", "body": "# Hola\n\nDos.\n"}))
        .to(&site)
        .await;
    assert_eq!(late.refusal(), (412, "stale"));
    assert_eq!(late.etag(), "\"2.2\"");
    assert_eq!(late.body["mergeable"], false);
    assert_eq!(
        (&late.body["current_version"], &late.body["base_revision"]),
        (&json!(2), &json!(1))
    );
    let title = json!({"base": "Hola", "current": "Primero", "yours": "Segundo"});
    assert_eq!(late.body["conflicts"]["title"], title);
    let hunk = json!({"line": 3, "base": "Texto.\n", "current": "Uno.\n", "yours": "Dos.\n"});
    assert_eq!(late.body["body"]["hunks"], json!([hunk]));
    let now = site.get_as(&token, &path(&post)).await;
    assert_eq!(now.body["title"], "Primero");
}

#[tokio::test]
async fn anonymous_callers_get_401_for_every_post() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    for path in [
        path(&post),
        "/v1/posts/019b0000-0000-7000-8000-00000000ffff".to_owned(),
        "/v1/posts/x".to_owned(),
    ] {
        assert_eq!(site.get(&path).await.refusal(), (401, "unauthenticated"));
        assert_eq!(
            Call::patch(&path).to(&site).await.refusal(),
            (401, "unauthenticated")
        );
    }
    let absent = site.get_as(&token, "/v1/posts/x").await;
    assert_eq!(absent.refusal(), (404, "not_found"));
}
