use serde_json::json;
use tintero_domain::access::Role;

use super::{a_post, path};
use crate::{call::Call, site::site_as};

#[tokio::test]
async fn a_repeated_creation_is_replayed() {
    let (site, token) = site_as(Role::Author).await;
    let create = |title: &str| {
        let call = Call::post("/v1/posts")
            .signed(&token)
            .header("idempotency-key", "k1");
        call.json(&json!({"title": title, "body": ""}))
    };
    let first = create("Hola").to(&site).await;
    let again = create("Hola").to(&site).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(
        (
            first.header("idempotent-replayed"),
            again.header("location")
        ),
        ("", first.header("location"))
    );
    let other = create("Otro").to(&site).await;
    assert_eq!(other.refusal(), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_repeated_transition_is_replayed() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let publish = || {
        let call = Call::post(&format!("{}/publish", path(&post))).signed(&token);
        call.based_on(post.etag()).header("idempotency-key", "k2")
    };
    let first = publish().to(&site).await;
    let again = publish().to(&site).await;
    assert_eq!((first.status, again.status), (200, 200), "{}", again.body);
    assert_eq!((again.etag(), &again.body), (first.etag(), &first.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
}

#[tokio::test]
async fn malformed_idempotency_keys_return_400() {
    let (site, token) = site_as(Role::Author).await;
    for key in ["", "a b", &"k".repeat(256)] {
        let call = Call::post("/v1/posts")
            .signed(&token)
            .header("idempotency-key", key);
        let answer = call
            .json(&json!({"title": "A", "body": ""}))
            .to(&site)
            .await;
        assert_eq!(answer.refusal(), (400, "bad_header"), "{key}");
    }
}
