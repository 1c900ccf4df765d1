use axum::extract::State;
use tintero_domain::{
    access::Caller,
    images::Images,
    values::{Digest, ImageId, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use super::view::{ImageView, tagged};
use crate::{
    body::Text,
    extract::{NoQuery, OptionalCaller, Path},
    problem::Problem,
    respond::Tagged,
    routes::parameters::path_params,
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

/// The digest of a file.
pub(super) struct FileDigest(Digest);

impl Text for FileDigest {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        raw.parse().map(Self)
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9a-f]{64}$"))
    }
}

path_params! {
    /// The path of an image with a digest.
    FileDigestParam: "sha256", FileDigest, "The SHA-256 of the file as uploaded or as stored, in lower-case hexadecimal.";
}

/// Returns the oldest image with this file.
///
/// With `HEAD`, a client finds out whether it has to upload a file. Images in the trash are ignored.
#[utoipa::path(get, path = "/v1/images/by-digest/{sha256}", tag = "images", security(("bearer" = [])),
    params(FileDigestParam))]
pub(super) async fn get_image_by_digest(
    State(images): State<Images>,
    caller: Caller,
    Path(FileDigest(digest)): Path<FileDigest>,
    _: NoQuery,
) -> Result<Tagged<ImageView>, Problem> {
    let image = images.get_by_digest(&caller, &digest).await?;
    Ok(tagged(image, Some(&caller)))
}
