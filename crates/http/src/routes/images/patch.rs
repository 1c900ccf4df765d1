use axum::extract::State;
use tintero_domain::{
    images::{ImagePatch, Images},
    values::ImageId,
};

use super::{
    super::parameters::UnkeyedEditParams, ImageView, about, focal_point::FocalPointFields,
    view::tagged,
};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, Nested, RequestObject, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// A merge patch of the metadata of an image.
pub(crate) struct PatchImage(ImagePatch);

impl RequestObject for PatchImage {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self(ImagePatch {
            alt: fields.clearable("alt", about::ALT),
            caption: fields.clearable("caption", about::CAPTION),
            credit: fields.clearable("credit", about::CREDIT),
            focal_point: fields
                .clearable("focal_point", "The point that crops keep visible.")
                .map(|point| point.map(|Nested(FocalPointFields(point))| point)),
        }))
    }
}

impl Body for PatchImage {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchImage);

/// Updates the metadata of an image.
///
/// The file of an image never changes.
#[utoipa::path(patch, path = "/v1/images/{id}", tag = "images", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = PatchImage, content_type = "application/merge-patch+json", example = json!({"alt": "Un gato sobre un teclado"})))]
pub(super) async fn update_image(
    State(images): State<Images>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchImage, ImageId>,
) -> Result<Tagged<ImageView>, Problem> {
    let image = images.update(&caller, id, base, body.0).await?;
    Ok(tagged(image, Some(&caller)))
}
