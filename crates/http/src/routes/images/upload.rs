use axum::extract::State;
use tintero_domain::images::{Images, UploadedImage};

use super::{
    ImageView,
    fields::{self, UploadImage},
};
use crate::{
    extract::Upload,
    problem::Problem,
    respond::{Created, Either, Tagged},
};

/// 201 with a new image, or 200 with an existing one.
type UploadResponse = Either<Created<ImageView>, Tagged<ImageView>>;

/// Uploads an image.
///
/// Its type and size are read from its bytes, whatever it is called. The same bytes from the same
/// `source_path`, or twice without one, are one image: a repetition answers 200 with it and
/// changes nothing, so it needs no `Idempotency-Key`. Other bytes from a path that is taken are
/// refused with 409. A form has at most 20 MiB by default. SVG is refused: it can hold script.
#[utoipa::path(post, path = "/v1/images", tag = "images", security(("bearer" = [])),
    request_body(content = UploadImage, content_type = "multipart/form-data"))]
pub(super) async fn upload_image(
    State(images): State<Images>,
    Upload { caller, form }: Upload,
) -> Result<UploadResponse, Problem> {
    let (file, description) = fields::read(&images, &caller, form).await?;
    let UploadedImage { image, is_new } = images.upload(&caller, file, description).await?;
    let location = format!("/v1/images/{}", image.id());
    let resource = Tagged::from(image);
    Ok(if is_new {
        Either::first(Created { location, resource })
    } else {
        Either::second(resource)
    })
}
