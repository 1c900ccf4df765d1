use axum::extract::State;
use tintero_domain::{images::Images, values::ImageId};

use super::ImageView;
use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::Tagged,
};

/// Returns the metadata of an image.
#[utoipa::path(get, path = "/v1/images/{id}", tag = "images",
    params(("id" = Uuid, Path, description = "The id of the image.")))]
pub(super) async fn get_image(
    State(images): State<Images>,
    Path(id): Path<ImageId>,
    _: NoQuery,
) -> Result<Tagged<ImageView>, Problem> {
    let image = images.get(id).await?;
    Ok(image.into())
}
