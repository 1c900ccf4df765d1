use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use tintero_domain::images::{Images, Uploaded};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

use super::{
    Image,
    fields::{self, UploadImage},
};
use crate::{
    extract::Upload,
    problem::Problem,
    respond::{Created, Tagged},
};

/// Whether an upload made an image.
pub(super) enum Kept {
    New(Box<Created<Image>>),
    Known(Box<Tagged<Image>>),
}

impl From<Uploaded> for Kept {
    fn from(uploaded: Uploaded) -> Self {
        let Uploaded { image, is_new } = uploaded;
        let location = format!("/v1/images/{}", image.id());
        let resource = Tagged::from(image);
        if is_new {
            Self::New(Box::new(Created { location, resource }))
        } else {
            Self::Known(Box::new(resource))
        }
    }
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        match self {
            Self::New(created) => created.into_response(),
            Self::Known(image) => image.into_response(),
        }
    }
}

impl IntoResponses for Kept {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut responses = Created::<Image>::responses();
        responses.extend(Tagged::<Image>::responses());
        responses
    }
}

/// Uploads an image.
///
/// Its type and size are read from its bytes, whatever it is called. The same bytes from the same
/// `source_path`, or twice without one, are one image: a repetition answers 200 with it and
/// changes nothing, so it needs no `Idempotency-Key`. Other bytes from a path that is taken are
/// refused with 409. A form has at most 20 MiB. SVG is refused: it can hold script.
#[utoipa::path(post, path = "/v1/images", tag = "images", security(("bearer" = [])),
    request_body(content = UploadImage, content_type = "multipart/form-data"))]
pub(super) async fn upload_image(
    State(images): State<Images>,
    Upload { caller, form }: Upload,
) -> Result<Kept, Problem> {
    let (file, description) = fields::read(&images, &caller, form).await?;
    let uploaded = images.upload(&caller, file, description).await?;
    Ok(uploaded.into())
}
