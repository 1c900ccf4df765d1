//! Revisions of a post.

mod compare;
mod diff;
mod list;
mod read;
mod restore;
mod row;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use diff::{BodyDiffView, DiffHunkView, DiffLineView, FieldDiffView, PostDiff};
pub(crate) use read::PostRevision;
pub(crate) use row::RevisionRowView;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_post_revisions))
        .routes(routes!(read::get_post_revision))
        .routes(routes!(compare::compare_post_revisions))
        .routes(routes!(restore::restore_post_revision))
}
