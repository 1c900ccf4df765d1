//! Images: what is said of them, and their bytes.

mod fields;
mod list;
mod media;
mod patch;
mod read;
mod upload;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::Image;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_images, upload::upload_image))
        .routes(routes!(read::get_image, patch::update_image))
        .routes(routes!(media::get_image_file))
}

/// What every member of an image is about.
mod about {
    pub(super) const ALT: &str = "What stands for it where it cannot be seen: one line.";
}
