use axum::extract::State;
use tintero_domain::{images::Images, values::ImageId};

use super::{
    super::{
        parameters::UnkeyedEditParams,
        posts::{EmptyBody, Flag},
    },
    ImageView,
    view::tagged,
};
use crate::{
    body::Built,
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::Problem,
    respond::{NoContent, Tagged},
};

/// Query parameters of a deletion.
pub(super) struct DeleteImageParams {
    force: bool,
}

impl Parameters for DeleteImageParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about =
            "Deletes the image although posts use it. Requires the permission to edit all posts.";
        let force = params.optional("force", about) == Some(Flag(true));
        Built::from(Self { force })
    }
}

documented_params!(DeleteImageParams);

/// Moves an image to the trash.
///
/// Its URLs respond 404, its `source_path` is free, and lists contain it with `trashed=true` only. It is deleted
/// permanently after 30 days. Fails with 409 if posts use the image, unless `force` is true.
#[utoipa::path(delete, path = "/v1/images/{id}", tag = "images", security(("bearer" = [])),
    params(UnkeyedEditParams, DeleteImageParams))]
pub(super) async fn delete_image(
    State(images): State<Images>,
    EditWithQuery(
        DeleteImageParams { force },
        Edit {
            caller,
            id,
            base,
            body: EmptyBody,
        },
    ): EditWithQuery<DeleteImageParams, EmptyBody, ImageId>,
) -> Result<NoContent, Problem> {
    images.trash(&caller, id, base, force).await?;
    Ok(NoContent)
}

/// Restores an image from the trash.
///
/// Its URLs are valid again, and public posts that name its `source_path` show it. Returns an image that is not in the trash
/// unchanged. Fails with 409 if another image has its `source_path` or its file by now.
#[utoipa::path(post, path = "/v1/images/{id}/restore", tag = "images", security(("bearer" = [])),
    params(UnkeyedEditParams))]
pub(super) async fn restore_image(
    State(images): State<Images>,
    Edit {
        caller,
        id,
        base,
        body: EmptyBody,
    }: Edit<EmptyBody, ImageId>,
) -> Result<Tagged<ImageView>, Problem> {
    let image = images.restore(&caller, id, base).await?;
    Ok(tagged(image, Some(&caller)))
}
