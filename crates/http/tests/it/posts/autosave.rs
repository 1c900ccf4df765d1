use http::Method;
use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_post, path};
use crate::{call::Call, site::site_as};

fn put(place: &str, token: &str, body: &Value) -> Call {
    Call::new(Method::PUT, place).signed(token).json(body)
}

#[tokio::test]
async fn an_autosave_is_returned_until_the_post_is_updated() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let place = format!("{}/autosave", path(&post));
    let get = || Call::get(&place).signed(&token);
    assert_eq!(get().to(&site).await.refusal(), (404, "not_found"));
    let half = json!({"base_revision": 1, "title": "", "body": "Hol", "form": {"tab": 2}});
    let kept = put(&place, &token, &half).to(&site).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    insta::assert_snapshot!("autosave", format!("{:#}", kept.body));
    assert_eq!(get().to(&site).await.body, kept.body);
    let now = site.get_as(&token, &path(&post)).await;
    assert_eq!(now.body, post.body, "the post does not change");

    let call = Call::patch(&path(&post))
        .signed(&token)
        .based_on(post.etag());
    assert_eq!(
        call.json(&json!({"body": "Hola"})).to(&site).await.status,
        200
    );
    assert_eq!(get().to(&site).await.status, 404);
    let forget = Call::new(Method::DELETE, &place).signed(&token);
    assert_eq!(forget.to(&site).await.status, 204);
}

#[tokio::test]
async fn only_the_size_and_base_revision_of_an_autosave_are_checked() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let place = format!("{}/autosave", path(&post));
    for (body, pointer) in [
        (json!({}), "/base_revision"),
        (json!({"base_revision": 0}), "/base_revision"),
        (json!({"base_revision": "1"}), "/base_revision"),
        (
            json!({"base_revision": 1, "title": "x".repeat(1025)}),
            "/title",
        ),
        (json!({"base_revision": 1, "tags": []}), "/tags"),
    ] {
        let answer = put(&place, &token, &body).to(&site).await;
        assert_eq!(answer.refusal(), (422, "invalid"), "{body}");
        assert_eq!(answer.errors()[0].0, pointer);
    }
    let keyed = put(&place, &token, &json!({"base_revision": 1})).header("idempotency-key", "k");
    assert_eq!(keyed.to(&site).await.refusal(), (400, "bad_header"));
    assert_eq!(site.get(&place).await.refusal(), (401, "unauthenticated"));
}
