use tintero_domain::access::Role;

use super::{Form, jpeg, png, sent};
use crate::{
    call::Call,
    site::{Site, site_as, site_with},
};

/// Returns the violations of a form.
async fn refused(site: &Site, token: &str, form: Form) -> Vec<(String, String)> {
    let answer = form.sent(site, token).await;
    assert_eq!(answer.refusal(), (422, "invalid"), "{}", answer.text);
    let own = |(place, code): (&str, &str)| (place.to_owned(), code.to_owned());
    answer.errors().into_iter().map(own).collect()
}

/// Returns the number of images.
async fn count(site: &Site, token: &str) -> usize {
    let all = site.get_as(token, "/v1/images").await;
    all.body["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn files_that_are_not_images_are_rejected() {
    let (site, token) = site_as(Role::Editor).await;
    let mut bomb = png(1);
    // Width and height.
    bomb[16..24].fill(0x7f);
    for (bytes, code) in [
        (Vec::new(), "too_short"),
        (b"hola".to_vec(), "bad_format"),
        (b"%PDF-1.7 long enough to be read".to_vec(), "bad_format"),
        (b"<html><svg/></html>".to_vec(), "bad_format"),
        (b"<svg><rect/></svg>".to_vec(), "bad_format"),
        (png(1)[..20].to_vec(), "bad_format"),
        (bomb, "out_of_range"),
    ] {
        let form = Form::new().file(&bytes);
        assert_eq!(
            refused(&site, &token, form).await,
            [("/file".into(), code.into())]
        );
    }
    assert_eq!(count(&site, &token).await, 0);
}

#[tokio::test]
async fn all_violations_of_a_form_are_listed() {
    let (site, token) = site_as(Role::Editor).await;
    let form = Form::new()
        .field("alt", "dos\nlíneas")
        .field("source_path", "a/%2e%2e/%2e%2e/etc/passwd")
        .field("a/b", "1")
        .field("alt", "otra vez")
        .field("", "sin nombre");
    let expected = [
        ("/alt", "bad_format"),
        ("/source_path", "bad_format"),
        ("/a~1b", "unknown_member"),
        ("/alt", "duplicate"),
        ("/", "unknown_member"),
        ("/file", "required"),
    ];
    let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
    assert_eq!(refused(&site, &token, form).await, expected);
}

#[tokio::test]
async fn a_second_file_is_rejected() {
    let (site, token) = site_as(Role::Editor).await;
    let form = Form::new().file(png(1)).file(png(2));
    assert_eq!(
        refused(&site, &token, form).await,
        [("/file".into(), "duplicate".into())]
    );
    assert_eq!(count(&site, &token).await, 0);
}

#[tokio::test]
async fn text_fields_are_limited_and_utf8() {
    let (site, token) = site_as(Role::Editor).await;
    for (name, value, code) in [
        ("alt", "ñ".repeat(501).into_bytes(), "too_long"),
        ("alt", vec![b'a'; 1_000_000], "too_long"),
        ("alt", b"\xff".to_vec(), "bad_format"),
        ("alt", b"a\0b".to_vec(), "bad_format"),
        ("source_path", vec![b'a'; 513], "too_long"),
        ("source_path", b"../a.png".to_vec(), "bad_format"),
        ("source_path", b"a%00.png".to_vec(), "bad_format"),
        ("source_path", b"a\0.png".to_vec(), "bad_format"),
        ("source_path", b"%ff".to_vec(), "bad_format"),
        ("source_path", b"/".to_vec(), "too_short"),
    ] {
        let form = Form::new().file(png(1)).field(name, &value);
        assert_eq!(
            refused(&site, &token, form).await,
            [(format!("/{name}"), code.into())]
        );
    }
}

#[tokio::test]
async fn malformed_forms_are_rejected_and_store_nothing() {
    let (site, token) = site_as(Role::Editor).await;
    let whole = Form::new().file(jpeg(10, 10, 5000)).end();
    let middle = whole.len() / 2;
    for body in [
        Vec::new(),
        b"hola".to_vec(),
        whole[..10].to_vec(),
        whole[..60].to_vec(),
        whole[..middle].to_vec(),
        whole[..whole.len() - 8].to_vec(),
    ] {
        let answer = sent(&site, &token, body).await;
        assert_eq!(answer.refusal(), (400, "malformed_body"));
    }
    assert_eq!(count(&site, &token).await, 0);
}

#[tokio::test]
async fn endless_headers_and_fields_are_rejected() {
    let (site, token) = site_as(Role::Editor).await;
    let fields = (0..10_000).fold(Form::new(), |form, n| form.field(&format!("f{n}"), "x"));
    let answer = fields.sent(&site, &token).await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    assert!(answer.errors().len() < 50);
}

#[tokio::test]
async fn too_large_uploads_return_413_with_or_without_content_length() {
    let (site, token) = site_as(Role::Editor).await;
    let large = Form::new().file(jpeg(10, 10, 26 * 1024 * 1024)).end();
    let answer = sent(&site, &token, large.clone()).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
    assert_eq!(answer.body["max_bytes"], 25 * 1024 * 1024);
    let call = Call::post("/v1/images")
        .signed(&token)
        .header("content-length", &large.len().to_string())
        .bytes("multipart/form-data; boundary=x", "");
    assert_eq!(call.to(&site).await.refusal(), (413, "body_too_large"));
    assert_eq!(count(&site, &token).await, 0);
}

#[tokio::test]
async fn uploads_have_a_higher_limit_than_other_bodies() {
    let site = site_with(|config| config.max_body = 1000).await;
    let token = site.token(Role::Editor).await;
    let answer = Form::new()
        .file(jpeg(10, 10, 3 * 1024 * 1024))
        .sent(&site, &token)
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn other_media_types_return_415() {
    let (site, token) = site_as(Role::Editor).await;
    for media_type in [
        "application/json",
        "multipart/mixed; boundary=x",
        "multipart/form-data",
        "image/png",
    ] {
        let call = Call::post("/v1/images")
            .signed(&token)
            .bytes(media_type, png(1));
        let answer = call.to(&site).await;
        assert_eq!(
            answer.refusal(),
            (415, "unsupported_media_type"),
            "{media_type}"
        );
        assert_eq!(answer.body["accepted"][0], "multipart/form-data");
    }
}
