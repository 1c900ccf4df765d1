//! Compression, and conditions that compare compressed forms.

use serde_json::json;
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{Site, site, site_as, site_with},
};

async fn read(site: &Site, path: &str, codings: &str) -> Answer {
    let call = Call::get(path).header("accept-encoding", codings);
    call.to(site).await
}

/// Creates a post with a text that can be compressed.
async fn a_long_post(site: &Site, token: &str) -> Answer {
    let body = json!({"title": "Hola", "body": "Una línea de texto.\n".repeat(100)});
    site.post_as(token, "/v1/posts", &body).await
}

#[tokio::test]
async fn texts_are_compressed_as_the_client_accepts() {
    let site = site().await;
    let plain = site.get("/openapi.json").await;
    for (codings, expected) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", ""),
        ("zstd", ""),
    ] {
        let answer = read(&site, "/openapi.json", codings).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-encoding"), expected, "{codings}");
        assert_eq!(
            answer.header("content-length"),
            answer.bytes.len().to_string()
        );
        let varies = answer.headers.get_all("vary").iter();
        assert!(varies.into_iter().any(|field| field == "Accept-Encoding"));
        let is_smaller = answer.bytes.len() * 4 < plain.bytes.len();
        assert_eq!(is_smaller, !expected.is_empty(), "{codings}");
    }
}

#[tokio::test]
async fn answers_that_are_short_or_may_contain_secrets_are_not_compressed() {
    let (site, token) = site_as(Role::Author).await;
    let credentials = json!({"email": "author@example.org", "password": crate::site::PASSWORD});
    let session = Call::post("/v1/auth/login").json(&credentials);
    let session = session.header("accept-encoding", "br").to(&site).await;
    assert_eq!(
        (session.status, session.header("content-encoding")),
        (200, "")
    );
    let short = read(&site, "/v1/posts", "br").await;
    assert_eq!(short.header("content-encoding"), "");
    let problem = read(&site, "/v1/me", "br").await;
    assert_eq!(
        (problem.refusal().0, problem.header("content-encoding")),
        (401, "")
    );
    let post = a_long_post(&site, &token).await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let own = Call::get(&path)
        .signed(&token)
        .header("accept-encoding", "br");
    assert_eq!(own.to(&site).await.header("content-encoding"), "br");
}

#[tokio::test]
async fn compression_can_be_switched_off() {
    let site = site_with(|config| config.compression = false).await;
    let answer = read(&site, "/openapi.json", "br").await;
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(answer.header("vary"), "");
}

#[tokio::test]
async fn each_form_has_its_own_tag_and_every_tag_is_known() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_long_post(&site, &token).await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let get = |codings| {
        Call::get(&path)
            .signed(&token)
            .header("accept-encoding", codings)
    };
    let mut tags = Vec::new();
    for codings in ["", "gzip", "br"] {
        let answer = get(codings).to(&site).await;
        tags.push(answer.etag().to_owned());
        for tag in &tags {
            let known = get(codings).header("if-none-match", tag).to(&site).await;
            assert_eq!((known.status, known.etag()), (304, answer.etag()), "{tag}");
            assert_eq!(
                (known.bytes.len(), known.header("content-encoding")),
                (0, "")
            );
        }
    }
    assert_eq!(tags, ["\"1.1\"", "\"1.1-gzip\"", "\"1.1-br\""]);
    let write = Call::patch(&path).signed(&token).based_on(&tags[2]);
    let write = write.json(&json!({"title": "Adiós"})).to(&site).await;
    assert_eq!(write.status, 200);
}

#[tokio::test]
async fn a_date_is_answered_with_304_from_the_second_after_the_change() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_long_post(&site, &token).await;
    let path = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let get = || Call::get(&path).signed(&token);
    let recent = get().to(&site).await;
    assert_eq!(
        recent.header("last-modified"),
        "",
        "another change can follow"
    );
    site.clock.forward_seconds(1);
    let answer = get().to(&site).await;
    let date = "Thu, 01 Jan 2026 00:00:00 GMT";
    assert_eq!(answer.header("last-modified"), date);
    let known = get().header("if-modified-since", date).to(&site).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let call = get().header("if-modified-since", date);
    let other = call.header("if-none-match", "\"9.9\"").to(&site).await;
    assert_eq!(other.status, 200, "the tag takes precedence");
    let before = "Wed, 31 Dec 2025 23:59:59 GMT";
    let older = get().header("if-modified-since", before).to(&site).await;
    assert_eq!(older.status, 200);
}
