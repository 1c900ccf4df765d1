//! Posts: working copies for authors, live copies for everybody.

mod autosave;
mod batch;
mod create;
mod lists;
mod live;
mod live_summary;
mod patch;
mod plan;
mod purge;
mod read;
mod read_live;
mod reference;
mod revisions;
mod schedule;
mod source;
mod summary;
mod transitions;
mod translations;
mod working;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use autosave::Autosave;
pub(crate) use batch::{BatchReport, BatchResult};
pub(crate) use lists::{CategoryName, Included, PostRow, SparsePost, written_page};
pub(crate) use live::LivePost;
pub(crate) use live_summary::LivePostSummary;
pub(crate) use plan::PostPlan;
pub(in crate::routes) use read_live::place;
pub(crate) use reference::Reference;
pub(crate) use revisions::{
    BodyDiff, DiffHunk, DiffLine, FieldDiff, PostDiff, PostRevision, RevisionRow,
};
pub(crate) use source::{PostSource, Seo};
pub(crate) use summary::{LiveAddress, PostSummary};
pub(in crate::routes) use transitions::Unkeyed;
pub(crate) use translations::{PublicTranslation, Translation, TranslationRow};
pub(crate) use working::Post;

use super::parameters::{CreateParams, EditParams};
use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(lists::list_posts, create::create_post))
        .routes(routes!(batch::batch_posts))
        .routes(routes!(read_live::get_post_by_slug))
        .routes(routes!(translations::list_public_translations))
        .routes(routes!(translations::list_post_translations))
        .routes(routes!(read::get_post_by_source))
        .routes(routes!(
            read::get_post,
            patch::update_post,
            purge::purge_post
        ))
        .routes(routes!(transitions::publish_post))
        .routes(routes!(schedule::schedule_post))
        .routes(routes!(schedule::unschedule_post))
        .routes(routes!(transitions::unpublish_post))
        .routes(routes!(transitions::archive_post))
        .routes(routes!(transitions::trash_post))
        .routes(routes!(transitions::untrash_post))
        .routes(routes!(transitions::submit_post))
        .routes(routes!(transitions::request_post_changes))
        .merge(revisions::routes())
        .routes(routes!(
            autosave::get_post_autosave,
            autosave::put_post_autosave,
            autosave::delete_post_autosave
        ))
}
