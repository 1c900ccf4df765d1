//! Reads and renders posts.

mod changes;
mod read;
mod rendering;
mod translations;
mod unsaved;

pub use changes::{
    CHANGES_OVERLAP, CHANGES_RETENTION, ChangesQuery, PublicChanges, RemovalReason, RemovedAddress,
};
pub use read::PublicLookup;
pub(super) use rendering::missing_images;
pub use rendering::{InlineRenderer, RenderInput, RenderedPost, Renderer, Rendition};
pub use translations::{TranslationEntry, TranslationState};
