//! Posts: what they are, what can be done to them, and what that needs of a store.

mod autosave;
mod claims;
mod conflict;
mod diff;
mod history;
mod history_store;
mod idempotency;
mod life;
mod live;
mod members;
mod merge;
mod new;
mod patch;
mod post;
mod publication;
mod query;
mod read;
mod relocate;
mod rendering;

mod retention;
mod revision;
mod status;
mod store;
mod suggestions;
mod transitions;
mod translations;
mod upkeep;
mod waiting;
mod write;

use std::sync::Arc;

pub use autosave::{Autosave, Unsaved};
pub use claims::ClaimState;
pub use conflict::{Conflict, FieldConflict, Hunk};
pub use diff::{BodyDiff, Diff, DiffHunk, DiffLine, FieldDiff, LineChange};
pub use history_store::HistoryStore;
pub use live::{Claim, LiveCopy, PublicSummary};
pub use new::NewPost;
pub use patch::{PostPatch, SeoPatch, Set, SourcePatch, TranslationPatch};
pub use post::{
    Content, Manuscript, ManuscriptRef, Post, Review, Seo, Source, PostState, Translation,
    WorkingCopy,
};
pub use publication::Plan;
pub use query::{DeskFacet, DeskQuery, DeskSet, Facets, Filed, PublicFacet, PublicQuery};
pub use read::Found;
pub use relocate::{ListKey, Relocation, RelocationStore};
pub use rendering::{Inline, Page, Renderer, Rendition, RenderedPost};
pub use idempotency::{IdempotencyRecord, Merged, MergedFrom, WriteResult};
pub use revision::{RevisionCopy, RevisionRow, Saved};
pub use status::{Live, Phased, Span, Status};
pub use store::{ListedPost, Name, PostStore, PendingCleanup};
pub use suggestions::SlugTaken;
pub use tintero_markdown::{
    render::Rendered,
    report::{BodyReference, ReferenceKind},
};
pub use transitions::{StatusName, TRANSITIONS, Transition};
pub use translations::{Timeliness, Translated};

use crate::{
    clock::{Clock, Ids},
    images::ImageStore,
    values::Locale,
};

/// The use cases around posts. Reading is in `read`, writing in `write` and `life`, what was in `history`.
#[derive(Clone)]
pub struct Posts {
    ports: Ports,
    default_locale: Locale,
}

/// What posts need of the outside.
#[derive(Clone)]
pub struct Ports {
    /// Keeps posts.
    pub store: Arc<dyn PostStore>,
    /// Keeps what was saved of them.
    pub history: Arc<dyn HistoryStore>,
    /// Knows the images that bodies name.
    pub images: Arc<dyn ImageStore>,
    /// Renders bodies.
    pub renderer: Arc<dyn Renderer>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes identifiers.
    pub ids: Arc<dyn Ids>,
}

impl Posts {
    /// The use cases over these ports; posts without a locale get `default_locale`.
    #[must_use]
    pub fn new(ports: Ports, default_locale: Locale) -> Self {
        Self {
            ports,
            default_locale,
        }
    }
}
