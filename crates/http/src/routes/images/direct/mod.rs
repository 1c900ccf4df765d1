//! Direct uploads: the client announces a file, sends it to the image store, and completes the upload.

mod announce;
mod complete;
mod receive;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use announce::DirectUploadView;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(announce::announce_image))
        .routes(routes!(receive::receive_image))
        .routes(routes!(complete::complete_image))
}
