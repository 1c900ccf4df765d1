use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use tintero_domain::{
    FieldErrors,
    images::{DirectUpload, Images, MediaType, SignedRequest},
    values::{Code, Digest, ValueError},
};
use utoipa::{
    ToSchema,
    openapi::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
};
use uuid::Uuid;

use super::receive::FILE;
use crate::{
    app::App,
    base_path::prefixed,
    body::{Body, Built, FieldReader, FieldValue, RequestObject, build, described},
    extract::SecretWrite,
    problem::Problem,
    respond::{Secret, View},
    tickets::UploadTickets,
};

/// The announcement of a file.
pub(crate) struct AnnounceImage {
    media_type: MediaType,
    bytes: u64,
    sha256: Digest,
}

impl RequestObject for AnnounceImage {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let media_type = fields.required("media_type", "The media type of the file.");
        let about = "The length of the file in bytes. At most 25 MiB by default.";
        let bytes = fields.required::<Length>("bytes", about);
        let sha256 = fields.required("sha256", "The SHA-256 digest of the file.");
        build(move || {
            Some(Self {
                media_type: media_type?,
                bytes: bytes?.0,
                sha256: sha256?,
            })
        })
    }
}

impl Body for AnnounceImage {
    const KEYED: bool = false;
}

described!(AnnounceImage);

/// A length in bytes.
struct Length(u64);

impl FieldValue for Length {
    fn schema() -> Schema {
        let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(format))
            .minimum(Some(1))
            .into()
    }

    fn read(value: Value, at: &str, errors: &mut FieldErrors) -> Option<Self> {
        let length = value.as_u64().filter(|length| *length > 0);
        if length.is_none() {
            let detail = "must be a positive number of bytes";
            errors.push(at, ValueError::new(Code::OutOfRange, detail));
        }
        length.map(Self)
    }
}

/// How to send the announced file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectUpload)]
pub(crate) struct DirectUploadView {
    /// The id of the upload, and of the image.
    id: Uuid,
    /// The method of the request that sends the file.
    method: &'static str,
    /// The URL of the request, absolute or relative to that of the API. Contains a signature: keep it secret.
    #[schema(format = "uri-reference")]
    url: String,
    /// The headers of the request. The signature covers them.
    headers: BTreeMap<String, String>,
    /// The time until which the file can be sent.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl DirectUploadView {
    fn of(upload: DirectUpload, tickets: &UploadTickets) -> Self {
        let DirectUpload { file, request } = upload;
        let id = file.name.id;
        let request = request.unwrap_or_else(|| {
            let ticket = tickets.issue(&file);
            SignedRequest {
                url: prefixed(format!("/v1/image-uploads/{id}/file?ticket={ticket}")),
                headers: vec![
                    ("content-length".to_owned(), file.bytes.to_string()),
                    ("content-type".to_owned(), FILE.to_owned()),
                ],
            }
        });
        Self {
            id: id.uuid(),
            method: "PUT",
            url: request.url,
            headers: request.headers.into_iter().collect(),
            expires_at: file.expires_at.into(),
        }
    }
}

impl View for DirectUploadView {
    fn example() -> Self {
        let id = "01912d68-783e-7a03-8467-5661c1243ad7";
        let headers = [("content-length", "48213"), ("content-type", FILE)];
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            method: "PUT",
            url: format!("/v1/image-uploads/{id}/file?ticket=eyJuYW1lIjp7"),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            expires_at: "2026-11-22T10:15:00.000Z".to_owned(),
        }
    }
}

/// Announces an image, to send its file to the image store directly.
///
/// Returns the request that sends the file. On AWS, its URL is that of the bucket, so that the file passes neither
/// the API nor the gateway, which limit the size of bodies. Send exactly the returned headers and the announced
/// bytes, without credentials. Then complete the upload. Stores nothing, so no `Idempotency-Key` is needed.
#[utoipa::path(post, path = "/v1/image-uploads", tag = "images", security(("bearer" = [])),
    request_body(content = AnnounceImage, example = json!({
        "media_type": "image/png", "bytes": 48213,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})))]
pub(super) async fn announce_image(
    State(app): State<App>,
    State(images): State<Images>,
    SecretWrite { caller, body }: SecretWrite<AnnounceImage>,
) -> Result<Secret<DirectUploadView>, Problem> {
    let AnnounceImage {
        media_type,
        bytes,
        sha256,
    } = body;
    let most = app.config.max_direct_upload as u64;
    if bytes > most {
        let detail = format!("must be at most {most}");
        return Err(FieldErrors::one("/bytes", Code::OutOfRange, detail).into());
    }
    let upload = images.expect(&caller, media_type, bytes, sha256).await?;
    Ok(Secret(DirectUploadView::of(upload, app.tickets())))
}
