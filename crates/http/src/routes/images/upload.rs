use axum::extract::State;
use tintero_domain::{
    access::Caller,
    images::{Images, UploadedImage},
};

use super::{
    ImageView,
    fields::{self, UploadImage},
    view::tagged,
};
use crate::{
    base_path::prefixed,
    extract::Upload,
    problem::Problem,
    respond::{Created, Either, Tagged},
};

/// 201 with a new image, or 200 with an existing one.
pub(super) type UploadResponse = Either<Created<ImageView>, Tagged<ImageView>>;

/// Uploads an image.
///
/// The media type and the size are read from the file, not from its name. Position, camera, author, comments and
/// previews are removed from the file; colour profile and orientation are kept. Scripts and links to other sites are
/// removed from SVG. Incomplete and invalid files are rejected. If an image with the same bytes and the same
/// `source_path` exists, returns it with status 200 and changes nothing, so no `Idempotency-Key` is needed. Fails
/// with 409 if an image with other bytes has the `source_path`. A form has at most 25 MiB by default.
#[utoipa::path(post, path = "/v1/images", tag = "images", security(("bearer" = [])),
    request_body(content = UploadImage, content_type = "multipart/form-data"))]
pub(super) async fn upload_image(
    State(images): State<Images>,
    Upload { caller, form }: Upload,
) -> Result<UploadResponse, Problem> {
    let (file, description) = fields::read(&images, &caller, form).await?;
    let image = images.upload(&caller, file, description).await?;
    Ok(uploaded(image, &caller))
}

/// Returns the answer to an upload.
pub(super) fn uploaded(uploaded: UploadedImage, caller: &Caller) -> UploadResponse {
    let UploadedImage { image, is_new } = uploaded;
    let location = prefixed(format!("/v1/images/{}", image.id()));
    let resource = tagged(image, Some(caller));
    if is_new {
        Either::first(Created { location, resource })
    } else {
        Either::second(resource)
    }
}
