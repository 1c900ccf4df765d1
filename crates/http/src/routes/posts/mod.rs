//! Posts: working copies for authors and live copies for readers.

mod batch;
mod comma_list;
mod copy_view;
mod editing;
mod history;
mod lists;
mod publishing;
mod reading;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use batch::{BATCH, BatchReport, BatchResult};
pub(crate) use editing::{AutosaveView, RenderedText};
pub(crate) use history::{
    BodyDiffView, DiffHunkView, DiffLineView, FieldDiffView, PostDiff, PostRevision,
    RevisionRowView,
};
pub(in crate::routes) use lists::Flag;
pub(crate) use lists::{
    CategoryNameView, Included, OwnerView, PostRow, RemovedPage, SparseLivePost, SparsePost,
    lists_page,
};
pub(in crate::routes) use publishing::EmptyBody;
pub(crate) use reading::{
    LiveAddress, LivePost, LivePostSummary, PostPlan, PostSource, PostSummary, PostView,
    PublicTranslation, Reference, SeoView, TranslationRow, TranslationView,
};
pub(in crate::routes) use reading::{public_path, statuses};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(lists::list_posts, editing::create::create_post))
        .routes(routes!(batch::batch_posts))
        .routes(routes!(
            reading::read::get_post,
            editing::update::update_post,
            publishing::purge::purge_post
        ))
        .merge(reading::routes())
        .merge(publishing::routes())
        .merge(history::routes())
        .merge(editing::routes())
}
