use serde_json::json;
use tintero_domain::access::Role;

use super::{a_post, a_published_post, path, transition};
use crate::{call::Call, site::site_as};

#[tokio::test]
async fn published_posts_are_public_and_drafts_are_not() {
    let (site, token) = site_as(Role::Author).await;
    a_post(&site, &token, "Borrador").await;
    let post = a_published_post(&site, &token, "Hola").await;
    let answer = site.get("/v1/posts/by-slug/hola").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        (&answer.body["id"], &answer.body["view"]),
        (&post.body["id"], &json!("live"))
    );
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=60, stale-while-revalidate=300"
    );
    assert_eq!(answer.header("vary"), "Accept-Encoding");
    let again =
        Call::get("/v1/posts/by-slug/hola?locale=es").header("if-none-match", answer.etag());
    assert_eq!(again.to(&site).await.status, 304);
    let draft = site.get("/v1/posts/by-slug/borrador").await;
    assert_eq!(draft.refusal(), (404, "not_found"));
    assert_eq!(draft.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_former_slug_redirects_after_the_new_one_is_published() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_published_post(&site, &token, "Hola").await;
    let call = Call::patch(&path(&post))
        .signed(&token)
        .based_on(post.etag());
    let moved = call.json(&json!({"slug": "adios"})).to(&site).await;
    assert_eq!(site.get("/v1/posts/by-slug/hola").await.status, 200);
    transition(&site, &token, &moved, "publish").await;
    let answer = site.get("/v1/posts/by-slug/hola").await;
    assert_eq!(answer.status, 308);
    assert_eq!(
        answer.header("location"),
        "/v1/posts/by-slug/adios?locale=es"
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(
        answer.body,
        json!({"location": "/v1/posts/by-slug/adios?locale=es"})
    );
    assert_eq!(site.get(answer.header("location")).await.status, 200);
}

#[tokio::test]
async fn an_alias_redirects_until_the_post_is_removed() {
    let (site, token) = site_as(Role::Author).await;
    let body =
        json!({"title": "Hola", "body": "", "aliases": ["/aws/Infraestructura como código.html"]});
    let post = site.post_as(&token, "/v1/posts", &body).await;
    let resolve = || {
        Call::get("/v1/redirects/resolve?path=%2Faws%2FInfraestructura%2520como+c%C3%B3digo.html")
    };
    assert_eq!(resolve().to(&site).await.refusal(), (404, "not_found"));
    let published = transition(&site, &token, &post, "publish").await;
    let found = resolve().to(&site).await;
    let expected = json!({"location": "/v1/posts/by-slug/hola?locale=es", "status": 308, "post_id": post.body["id"]});
    assert_eq!((found.status, found.body), (200, expected));
    transition(&site, &token, &published, "trash").await;
    assert_eq!(resolve().to(&site).await.refusal(), (410, "gone"));
    assert_eq!(
        site.get("/v1/posts/by-slug/hola").await.refusal(),
        (410, "gone")
    );
}

#[tokio::test]
async fn updates_of_the_working_copy_do_not_change_the_live_copy() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_published_post(&site, &token, "Hola").await;
    let call = Call::patch(&path(&post))
        .signed(&token)
        .based_on(post.etag());
    let changed = call.json(&json!({"title": "Otro"})).to(&site).await;
    assert_eq!(changed.body["has_unpublished_changes"], true);
    let live = site
        .get_as(&token, &format!("{}?view=live", path(&post)))
        .await;
    assert_eq!(
        (&live.body["title"], &live.body["view"]),
        (&json!("Hola"), &json!("live"))
    );
    assert_eq!(live.header("cache-control"), "private, no-cache");
}
