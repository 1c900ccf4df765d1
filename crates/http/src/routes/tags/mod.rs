//! Tags: free keywords of posts.

mod merge;
mod read;
mod rename;

use tintero_domain::values::Tag;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use read::TagView;

use super::parameters::path_params;
use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_tags))
        .routes(routes!(rename::rename_tag))
        .routes(routes!(merge::merge_tag))
}

path_params! {
    /// The path of a tag.
    TagParams: "tag", Tag, "The tag, percent-encoded, in any letter case.";
}
