use axum::extract::State;
use tintero_domain::{images::Images, values::ImageId};

use super::view::{ImageView, tagged};
use crate::{
    extract::{NoQuery, OptionalCaller, Path},
    problem::Problem,
    respond::Tagged,
};

/// Returns the metadata of an image.
///
/// An image in the trash is returned to callers who may read working copies.
#[utoipa::path(get, path = "/v1/images/{id}", tag = "images", security((), ("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the image.")))]
pub(super) async fn get_image(
    State(images): State<Images>,
    caller: OptionalCaller,
    Path(id): Path<ImageId>,
    _: NoQuery,
) -> Result<Tagged<ImageView>, Problem> {
    let image = images.get_for(caller.get(), id).await?;
    Ok(tagged(image, caller.get()))
}
