use http::Method;
use serde_json::Value;
use tintero_domain::{access::Role, values::Digest};

use super::{Form, jpeg};
use crate::{
    call::{Answer, Call},
    site::{Site, site},
};

/// Larger than a chunk of the store.
const LENGTH: usize = 200_000;

/// Uploads an image; returns its URL and bytes.
async fn uploaded(site: &Site) -> (String, Vec<u8>) {
    let token = site.token(Role::Author).await;
    let bytes = jpeg(640, 480, LENGTH);
    let answer = Form::new().file(&bytes).sent(site, &token).await;
    (answer.body["url"].as_str().unwrap().to_owned(), bytes)
}

async fn part(site: &Site, url: &str, range: &str) -> Answer {
    Call::get(url).header("range", range).to(site).await
}

#[tokio::test]
async fn image_files_are_public_and_immutable() {
    let site = site().await;
    let (url, bytes) = uploaded(&site).await;
    let answer = site.get(&url).await;
    assert_eq!((answer.status, &answer.bytes), (200, &bytes));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-length", &bytes.len().to_string()),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", "inline"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let known = Call::get(&url)
        .header("if-none-match", answer.etag())
        .to(&site)
        .await;
    assert_eq!(
        (known.status, known.bytes.len(), known.etag()),
        (304, 0, answer.etag())
    );
}

#[tokio::test]
async fn parameters_of_image_loaders_are_ignored() {
    let site = site().await;
    let (url, bytes) = uploaded(&site).await;
    let answer = site.get(&format!("{url}?w=640&q=75&w=1")).await;
    assert_eq!((answer.status, answer.bytes), (200, bytes));
    let coded = Call::get(&url).header("accept-encoding", "br, gzip");
    let coded = coded.to(&site).await;
    assert_eq!(coded.header("content-encoding"), "");
}

#[tokio::test]
async fn ranges_return_206() {
    let site = site().await;
    let (url, bytes) = uploaded(&site).await;
    let length = bytes.len();
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=100-199", 100..200),
        ("bytes=70000-", 70_000..length),
        ("bytes=-5", length - 5..length),
    ] {
        let answer = part(&site, &url, range).await;
        assert_eq!(
            (answer.status, &answer.bytes[..]),
            (206, &bytes[expected.clone()]),
            "{range}"
        );
        let place = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
        assert_eq!(answer.header("content-range"), place);
        assert_eq!(answer.header("content-length"), expected.len().to_string());
    }
    let beyond = part(&site, &url, "bytes=999999-").await;
    assert_eq!(beyond.refusal(), (416, "range_not_satisfiable"));
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    let several = part(&site, &url, "bytes=0-1,5-6").await;
    assert_eq!((several.status, several.bytes.len()), (200, length));
}

#[tokio::test]
async fn a_range_of_another_version_returns_the_whole_file() {
    let site = site().await;
    let (url, bytes) = uploaded(&site).await;
    let tag = site.get(&url).await.etag().to_owned();
    for (condition, status, length) in [(tag.as_str(), 206, 10), ("\"other\"", 200, bytes.len())] {
        let call = Call::get(&url)
            .header("range", "bytes=0-9")
            .header("if-range", condition);
        let answer = call.to(&site).await;
        assert_eq!(
            (answer.status, answer.bytes.len()),
            (status, length),
            "{condition}"
        );
    }
}

#[tokio::test]
async fn head_returns_no_bytes() {
    let site = site().await;
    let (url, bytes) = uploaded(&site).await;
    let call = Call::new(Method::HEAD, &url).header("range", "bytes=0-9");
    let answer = call.to(&site).await;
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
    assert_eq!(answer.header("content-length"), bytes.len().to_string());
}

#[tokio::test]
async fn other_file_names_return_404() {
    let site = site().await;
    let (url, _) = uploaded(&site).await;
    let stem = url.strip_suffix(".jpg").unwrap();
    for path in [
        stem,
        &format!("{stem}.png"),
        &format!("{stem}.jpg.png"),
        &format!("{stem}.JPG"),
        &stem.to_uppercase().replace("/MEDIA", "/media"),
        "/media/01912d68-783e-7a03-8467-5661c1243ad7.jpg",
        "/media/..",
        "/media/.jpg",
        "/media/%2e%2e%2fetc%2fpasswd",
        "/media/..%2f..%2ftintero.db",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{path}");
    }
    let nul = site.get(&format!("{stem}%00.jpg")).await;
    assert_eq!(nul.refusal(), (400, "bad_path"));
    assert_eq!(site.get("/media/").await.status, 404);
}

#[tokio::test]
async fn problems_of_image_files_are_not_cached() {
    let site = site().await;
    let answer = site
        .get("/media/01912d68-783e-7a03-8467-5661c1243ad7.jpg")
        .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_ne!(answer.body, Value::Null);
}

#[tokio::test]
async fn private_metadata_of_a_photograph_is_not_served() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let plain = jpeg(60, 40, 1);
    let private = b"\xff\xe1\0\x1bExif\0\0MM\0*\0\0\0\x08\0\x0041.40338N";
    let photograph = [&plain[..2], private.as_slice(), &plain[2..]].concat();
    let uploaded = Form::new().file(&photograph).sent(&site, &token).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.text);
    let served = site.get(uploaded.body["url"].as_str().unwrap()).await;
    // The metadata of the JFIF segment is in the plain file too.
    assert_eq!(served.bytes, plain);
    let digests = [Digest::of(&plain), Digest::of(&photograph)].map(|digest| digest.to_string());
    assert_eq!(uploaded.body["sha256"], digests[0]);
    assert_eq!(uploaded.body["uploaded_sha256"], digests[1]);
    let again = Form::new().file(&photograph).sent(&site, &token).await;
    assert_eq!((again.status, &again.body), (200, &uploaded.body));
}

#[tokio::test]
async fn svg_is_served_without_scripts_and_under_a_policy() {
    let site = site().await;
    let token = site.token(Role::Author).await;
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30 20'><script>alert(1)</script></svg>";
    let uploaded = Form::new().file(drawing).sent(&site, &token).await;
    let sides = (&uploaded.body["width"], &uploaded.body["height"]);
    assert_eq!((uploaded.status, sides), (201, (&30.into(), &20.into())));
    let url = uploaded.body["url"].as_str().unwrap();
    assert_eq!(url.rsplit_once('.').map(|(_, end)| end), Some("svg"));
    let answer = site.get(url).await;
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
    assert_eq!(answer.header("content-security-policy"), policy);
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.contains("<svg") && !text.contains("script"), "{text}");
}
