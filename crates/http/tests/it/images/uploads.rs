use serde_json::{Value, json};
use tintero_domain::{access::Role, values::Digest};

use super::{Form, an_image, jpeg, png};
use crate::{call::Call, site::site_as};

#[tokio::test]
async fn an_upload_returns_type_and_size_of_the_file() {
    let (site, token) = site_as(Role::Contributor).await;
    let bytes = jpeg(640, 480, 1000);
    let form = Form::new()
        .field("alt", "  Un gato ")
        .file(&bytes)
        .field("source_path", "/assets/Un%20gato.jpg");
    let answer = form.sent(&site, &token).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.body["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/v1/images/{id}"));
    assert!(answer.etag().starts_with("\"1.1-"), "{}", answer.etag());
    for (member, value) in [
        ("url", json!(format!("/media/{id}.jpg"))),
        ("media_type", json!("image/jpeg")),
        ("bytes", json!(bytes.len())),
        ("sha256", json!(Digest::of(&bytes).to_string())),
        ("uploaded_sha256", json!(Digest::of(&bytes).to_string())),
        ("color", json!("#000000")),
        ("width", json!(640)),
        ("height", json!(480)),
        ("alt", json!("Un gato")),
        ("source_path", json!("assets/Un gato.jpg")),
        ("created_at", json!("2026-01-01T00:00:00.000Z")),
        ("version", json!(1)),
    ] {
        assert_eq!(answer.body[member], value, "{member}");
    }
    let read = site.get(&format!("/v1/images/{id}")).await;
    assert_eq!((read.status, read.body), (200, answer.public()));
}

#[tokio::test]
async fn fields_can_have_any_order_and_be_empty() {
    let (site, token) = site_as(Role::Editor).await;
    let forms = [
        Form::new().file(png(1)),
        Form::new()
            .file(png(2))
            .field("alt", "")
            .field("source_path", ""),
        Form::new()
            .field("source_path", "")
            .field("alt", "")
            .file(png(3)),
    ];
    for form in forms {
        let answer = form.sent(&site, &token).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(
            (&answer.body["alt"], &answer.body["source_path"]),
            (&Value::Null, &Value::Null)
        );
    }
}

#[tokio::test]
async fn a_repeated_upload_returns_the_existing_image() {
    let (site, token) = site_as(Role::Editor).await;
    let first = an_image(&site, &token, 5, "gato.png").await;
    let form = Form::new()
        .file(png(5))
        .field("alt", "Otro texto")
        .field("source_path", "/gato.png");
    let again = form.sent(&site, &token).await;
    assert_eq!((again.status, &again.body), (200, &first));
    assert!(again.etag().starts_with("\"1.1-"), "{}", again.etag());
}

#[tokio::test]
async fn other_bytes_with_a_taken_source_path_return_409() {
    let (site, token) = site_as(Role::Editor).await;
    an_image(&site, &token, 5, "gato.png").await;
    let form = Form::new().file(png(6)).field("source_path", "gato.png");
    let answer = form.sent(&site, &token).await;
    assert_eq!(answer.refusal(), (409, "source_path_taken"));
    assert_eq!(answer.errors(), [("/source_path", "taken")]);
}

#[tokio::test]
async fn concurrent_uploads_of_the_same_file_create_one_image() {
    let (site, token) = site_as(Role::Editor).await;
    let form = || Form::new().file(png(5)).field("source_path", "gato.png");
    let (one, two) = tokio::join!(form().sent(&site, &token), form().sent(&site, &token));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(one.body, two.body);
}

#[tokio::test]
async fn uploads_require_authentication_and_permission() {
    let (site, token) = site_as(Role::Reader).await;
    let refused = Form::new().file(png(1)).sent(&site, &token).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(refused.body["permission"], "images:upload");
    let body = Form::new().file(png(1)).end();
    let call = Call::post("/v1/images").bytes("multipart/form-data; boundary=x", body);
    assert_eq!(call.to(&site).await.refusal(), (401, "unauthenticated"));
}
