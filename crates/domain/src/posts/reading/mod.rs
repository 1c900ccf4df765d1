//! Reads and renders posts.

mod read;
mod rendering;
mod translations;

pub use read::PublicLookup;
pub(super) use rendering::missing_images;
pub use rendering::{InlineRenderer, RenderInput, RenderedPost, Renderer, Rendition};
pub use translations::{TranslationEntry, TranslationState};
