use http::Method;
use serde_json::json;
use tintero_domain::{access::Role, values::Digest};

use super::png;
use crate::{
    call::{Answer, Call},
    site::{Site, site},
};

async fn announced(site: &Site, token: &str, file: &[u8]) -> Answer {
    let announcement = json!({
        "media_type": "image/png",
        "bytes": file.len(),
        "sha256": Digest::of(file).to_string(),
    });
    let call = Call::post("/v1/image-uploads").signed(token);
    call.json(&announcement).to(site).await
}

/// Sends a file as an announcement says.
async fn sent(site: &Site, announced: &Answer, file: &[u8]) -> Answer {
    let url = announced.body["url"].as_str().unwrap();
    let call = Call::new(Method::PUT, url);
    call.bytes("application/octet-stream", file).to(site).await
}

async fn completed(site: &Site, token: &str, announced: &Answer) -> Answer {
    let id = announced.body["id"].as_str().unwrap();
    let call = Call::post(&format!("/v1/image-uploads/{id}/complete"));
    let body = json!({"alt": "Un gato", "source_path": "assets/gato.png"});
    call.signed(token).json(&body).to(site).await
}

#[tokio::test]
async fn an_announced_file_becomes_an_image() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let file = png(3);
    let upload = announced(&site, &token, &file).await;
    assert_eq!(
        (upload.status, upload.header("cache-control")),
        (200, "no-store")
    );
    assert_eq!(upload.body["method"], "PUT");
    assert_eq!(
        upload.body["headers"]["content-type"],
        "application/octet-stream"
    );
    assert_eq!(sent(&site, &upload, &file).await.status, 204);
    let image = completed(&site, &token, &upload).await;
    assert_eq!(image.status, 201, "{}", image.text);
    assert_eq!(image.body["id"], upload.body["id"]);
    assert_eq!(image.body["alt"], "Un gato");
    assert_eq!(image.body["width"], 3);
    let read = site.get(image.body["url"].as_str().unwrap()).await;
    assert_eq!((read.status, read.bytes), (200, file));
    let again = completed(&site, &token, &upload).await;
    assert_eq!((again.status, again.body), (200, image.body));
}

#[tokio::test]
async fn the_same_file_gives_the_existing_image() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let mut ids = Vec::new();
    for status in [201, 200, 200] {
        let upload = announced(&site, &token, &png(3)).await;
        sent(&site, &upload, &png(3)).await;
        let image = completed(&site, &token, &upload).await;
        assert_eq!(image.status, status);
        // The answer may be lost, so the call can be repeated.
        let again = completed(&site, &token, &upload).await;
        assert_eq!(again.body["id"], image.body["id"]);
        ids.push(image.body["id"].clone());
    }
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[tokio::test]
async fn only_the_announced_file_is_received() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let upload = announced(&site, &token, &png(3)).await;
    let mut other = png(3);
    *other.last_mut().unwrap() ^= 1;
    for file in [&other[..], &other[..10], &[other.as_slice(), b"x"].concat()] {
        let refused = sent(&site, &upload, file).await;
        assert!([413, 422].contains(&refused.status), "{}", refused.text);
    }
    let url = upload.body["url"].as_str().unwrap();
    let call = Call::new(Method::PUT, url).bytes("image/jpeg", png(3));
    assert_eq!(call.to(&site).await.status, 415);
    let missing = completed(&site, &token, &upload).await;
    assert_eq!(
        (missing.status, missing.body["code"].as_str()),
        (404, Some("not_found"))
    );
}

#[tokio::test]
async fn tickets_are_bound_to_an_upload_and_expire() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let file = png(3);
    let (one, two) = (
        announced(&site, &token, &file).await,
        announced(&site, &token, &file).await,
    );
    let (one_url, two_url) = (
        one.body["url"].as_str().unwrap(),
        two.body["url"].as_str().unwrap(),
    );
    let (path, ticket) = (
        one_url.split_once('?').unwrap().0,
        two_url.split_once('?').unwrap().1,
    );
    let cut = &one_url[..one_url.len() - 2];
    for url in [
        &format!("{path}?{ticket}"),
        cut,
        &format!("{path}?ticket=AAAA"),
    ] {
        let refused = Call::new(Method::PUT, url).bytes("application/octet-stream", file.clone());
        assert_eq!(refused.to(&site).await.status, 404, "{url}");
    }
    let without = Call::new(Method::PUT, path).bytes("application/octet-stream", file.clone());
    assert_eq!(without.to(&site).await.status, 400);
    site.clock.forward_seconds(15 * 60);
    assert_eq!(sent(&site, &one, &file).await.status, 404);
}

#[tokio::test]
async fn only_the_sender_completes_an_upload() {
    let site = site().await;
    let (token, other) = (
        site.token(Role::Author).await,
        site.token(Role::Administrator).await,
    );
    let upload = announced(&site, &token, &png(3)).await;
    sent(&site, &upload, &png(3)).await;
    assert_eq!(completed(&site, &other, &upload).await.status, 404);
    assert_eq!(completed(&site, &token, &upload).await.status, 201);
    assert_eq!(completed(&site, &other, &upload).await.status, 404);
}

#[tokio::test]
async fn files_that_are_no_images_are_rejected_at_the_end() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let upload = announced(&site, &token, b"not a picture").await;
    assert_eq!(sent(&site, &upload, b"not a picture").await.status, 204);
    let refused = completed(&site, &token, &upload).await;
    assert_eq!(
        (refused.status, refused.body["code"].as_str()),
        (422, Some("invalid"))
    );
}

#[tokio::test]
async fn announcements_are_checked() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let digest = Digest::of(b"").to_string();
    for (member, value) in [
        ("bytes", json!(0)),
        ("bytes", json!(-1)),
        ("bytes", json!(26 * 1024 * 1024)),
        ("bytes", json!("3")),
        ("media_type", json!("image/bmp")),
        ("sha256", json!("abc")),
    ] {
        let mut body = json!({"media_type": "image/png", "bytes": 3, "sha256": digest});
        body[member] = value;
        let call = Call::post("/v1/image-uploads").signed(&token);
        let refused = call.json(&body).to(&site).await;
        assert_eq!(refused.status, 422, "{body}");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{member}"));
    }
    let reader = site.token(Role::Reader).await;
    assert_eq!(announced(&site, &reader, b"abc").await.status, 403);
}
