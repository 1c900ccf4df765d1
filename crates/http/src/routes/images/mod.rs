//! Images: metadata and files.

mod delete;
mod direct;
mod fields;
mod focal_point;
mod list;
mod media;
mod patch;
mod read;
mod sweep;
mod upload;
mod usages;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use direct::DirectUploadView;
pub(crate) use usages::ImageUsageView;
pub(crate) use view::ImageView;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_images, upload::upload_image))
        .routes(routes!(
            read::get_image,
            patch::update_image,
            delete::delete_image
        ))
        .routes(routes!(delete::restore_image))
        .routes(routes!(read::get_image_by_digest))
        .routes(routes!(usages::list_image_usages))
        .routes(routes!(media::get_image_file))
        .routes(routes!(sweep::sweep_images))
        .merge(direct::routes())
}

mod about {
    pub(super) const ALT: &str = "The alternative text, one line.";
    pub(super) const CAPTION: &str = "The text below the image, one line.";
    pub(super) const FILE_NAME: &str = "The name of the file on the computer of the uploader.";
    pub(super) const CREDIT: &str = "Who made the image, such as its photographer, one line.";
    pub(super) const SOURCE_PATH: &str =
        "The path of the file in its original site, raw or percent-encoded; unique.";
}
