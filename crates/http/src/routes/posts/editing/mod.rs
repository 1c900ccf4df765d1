//! Writes to the working copy.

mod autosave;
pub(super) mod create;
mod fields;
mod render;
mod source;
pub(super) mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use autosave::AutosaveView;
pub(super) use create::CreatePost;
pub(super) use fields::NOTE;
pub(crate) use render::RenderedText;
pub(super) use update::PatchPost;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            autosave::get_post_autosave,
            autosave::put_post_autosave,
            autosave::delete_post_autosave
        ))
        .routes(routes!(render::render_text))
}
