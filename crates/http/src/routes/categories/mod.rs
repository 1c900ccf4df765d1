//! Categories: the tree under which posts are filed.

mod create;
mod patch;
mod read;
mod retire;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::Category;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_categories, create::create_category))
        .routes(routes!(read::get_category))
        .routes(routes!(patch::update_category, retire::delete_category))
        .routes(routes!(retire::merge_category))
}

/// What every member of a category is about.
mod about {
    pub(super) const NAME: &str = "The name that readers see.";
    pub(super) const SLUG: &str = "The readable part of the address, unique in the whole tree.";
    pub(super) const PARENT: &str =
        "The category that it belongs to; null at the top. The tree has at most 4 levels.";
}
