//! Bylines: the authors shown on posts.

mod create;
mod merge;
mod patch;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::BylineView;
use view::tagged;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_bylines, create::create_byline))
        .routes(routes!(read::get_byline))
        .routes(routes!(patch::update_byline, merge::delete_byline))
        .routes(routes!(merge::merge_byline))
}

mod about {
    pub(super) const NAME: &str = "The display name.";
    pub(super) const SLUG: &str = "The readable part of the URL, unique among bylines.";
    pub(super) const POSITION: &str = "The job title.";
    pub(super) const BIO: &str = "A short biography in plain text.";
    pub(super) const IMAGE: &str = "The portrait.";
    pub(super) const USER: &str =
        "The user who the byline stands for, such as that of an imported byline.";
}
