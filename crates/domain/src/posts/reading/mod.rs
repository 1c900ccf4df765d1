//! Reads and renders posts.

mod changes;
mod image_targets;
mod image_uses;
mod link_names;
mod links;
mod read;
mod render_input;
mod rendering;
mod translations;
mod unsaved;

pub use changes::{
    CHANGES_OVERLAP, CHANGES_RETENTION, ChangesQuery, PublicChanges, RemovalReason, RemovedAddress,
};
pub(super) use image_targets::missing_images;
pub use read::PublicLookup;
pub use render_input::RenderInput;
pub use rendering::{InlineRenderer, RenderedPost, Renderer, Rendition};
pub use translations::{TranslationEntry, TranslationState};
