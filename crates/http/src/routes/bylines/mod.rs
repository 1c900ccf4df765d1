//! Bylines: who is credited with posts.

mod create;
mod patch;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::Byline;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_bylines, create::create_byline))
        .routes(routes!(read::get_byline))
        .routes(routes!(patch::update_byline))
}

/// What every member of a byline is about.
mod about {
    pub(super) const NAME: &str = "The name that readers see.";
    pub(super) const SLUG: &str = "The readable part of the address, unique among bylines.";
    pub(super) const POSITION: &str = "What they do.";
    pub(super) const BIO: &str = "A few words about them, as plain text.";
    pub(super) const IMAGE: &str = "Their picture.";
}
