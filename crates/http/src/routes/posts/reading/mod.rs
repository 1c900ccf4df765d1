//! Reads of single posts, and the views of posts.

mod live;
mod live_summary;
mod plan;
mod post;
mod public;
pub(super) mod read;
mod reference;
mod source;
mod summary;
mod translations;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use live::LivePost;
pub(crate) use live_summary::LivePostSummary;
pub(crate) use plan::PostPlan;
pub(crate) use post::PostView;
pub(super) use post::example as working_example;
pub(in crate::routes) use public::public_path;
pub(crate) use reference::Reference;
pub(super) use source::ImportOrigin;
pub(crate) use source::{PostSource, SeoView};
pub(in crate::routes) use summary::statuses;
pub(crate) use summary::{LiveAddress, PostSummary};
pub(crate) use translations::{PublicTranslation, TranslationRow, TranslationView};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(public::get_post_by_slug))
        .routes(routes!(translations::list_public_translations))
        .routes(routes!(translations::list_post_translations))
        .routes(routes!(read::get_post_by_source))
}
