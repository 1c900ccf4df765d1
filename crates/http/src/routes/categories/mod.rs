//! Categories: the tree that posts are filed in.

mod create;
mod delete;
mod merge;
mod patch;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::CategoryView;
use view::tagged;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_categories, create::create_category))
        .routes(routes!(read::get_category))
        .routes(routes!(patch::update_category, delete::delete_category))
        .routes(routes!(merge::merge_category))
}

/// Descriptions of the members of a category.
mod about {
    pub(super) const NAME: &str = "The display name.";
    pub(super) const SLUG: &str = "The readable part of the URL, unique in the whole tree.";
    pub(super) const PARENT: &str =
        "The id of the parent category; null at the root. The tree has at most 4 levels.";
}
