use axum::extract::State;
use tintero_domain::{
    images::{ImagePatch, Images},
    values::ImageId,
};

use super::{super::parameters::UnkeyedEditParams, Image, about};
use crate::{
    body::{Body, Members, Record, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// A change to what is said of an image: a merge patch.
pub(crate) struct PatchImage(ImagePatch);

impl Record for PatchImage {
    fn read(members: &mut Members) -> Option<Self> {
        Some(Self(ImagePatch {
            alt: members.clearable("alt", about::ALT),
        }))
    }
}

impl Body for PatchImage {
    const MEDIA_TYPES: &'static [&'static str] =
        &["application/merge-patch+json", "application/json"];
    const KEYED: bool = false;
}

described!(PatchImage);

/// Changes what is said of an image. Its bytes never change.
#[utoipa::path(patch, path = "/v1/images/{id}", tag = "images", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content(
        (PatchImage = "application/merge-patch+json", example = json!({"alt": "Un gato sobre un teclado"})),
        (PatchImage = "application/json", example = json!({"alt": "Un gato sobre un teclado"})))))]
pub(super) async fn update_image(
    State(images): State<Images>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchImage, ImageId>,
) -> Result<Tagged<Image>, Problem> {
    let image = images.update(&caller, id, base, body.0).await?;
    Ok(image.into())
}
