use axum::extract::State;
use tintero_domain::{
    images::{ImageMetadata, Images},
    values::ImageId,
};

use super::super::{
    about,
    upload::{UploadResponse, uploaded},
};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, described},
    extract::Unversioned,
    problem::Problem,
};

/// The metadata of a direct upload.
pub(crate) struct CompleteImage(ImageMetadata);

impl RequestObject for CompleteImage {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self(ImageMetadata {
            alt: fields.optional("alt", about::ALT),
            caption: fields.optional("caption", about::CAPTION),
            name: fields.optional("file_name", about::FILE_NAME),
            credit: fields.optional("credit", about::CREDIT),
            source_path: fields.optional("source_path", about::SOURCE_PATH),
        }))
    }
}

impl Body for CompleteImage {
    const KEYED: bool = false;
    const OPTIONAL: bool = true;
}

described!(CompleteImage);

/// Completes a direct upload.
///
/// Examines the received file and creates the image as `POST /v1/images` does. A repeated request returns the image
/// with status 200. Files that are not completed are removed after a day.
#[utoipa::path(post, path = "/v1/image-uploads/{id}/complete", tag = "images", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the upload.")),
    request_body(content = CompleteImage, example = json!({"alt": "Un gato sobre un teclado"})))]
pub(super) async fn complete_image(
    State(images): State<Images>,
    Unversioned { caller, id, body }: Unversioned<CompleteImage, ImageId>,
) -> Result<UploadResponse, Problem> {
    let image = images.complete(&caller, id, body.0).await?;
    Ok(uploaded(image, &caller))
}
