//! Posts: what they are, what can be done to them, and what that needs of a store.

mod claims;
mod conflict;
mod life;
mod live;
mod new;
mod patch;
mod post;
mod publication;
mod read;
mod store;
mod transitions;
mod write;

use std::sync::Arc;

pub use claims::ClaimState;
pub use conflict::{Conflict, FieldConflict, Hunk};
pub use live::{Claim, LiveCopy, PublicSummary};
pub use new::NewPost;
pub use patch::{PostPatch, SeoPatch, Set, SourcePatch};
pub use post::{
    Content, Live, Manuscript, ManuscriptRef, Post, Review, RevisionCopy, Seo, Source, Standing,
    Status, WorkingCopy,
};
pub use read::Found;
pub use store::{Commit, DeskFacet, Name, PostStore, PublicFacet};
pub use transitions::{StatusName, TRANSITIONS, Transition};
pub use write::Effect;

use crate::{
    clock::{Clock, Ids},
    values::Locale,
};

/// The use cases around posts. Reading is in `read`, writing in `write`.
#[derive(Clone)]
pub struct Posts {
    store: Arc<dyn PostStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    default_locale: Locale,
}

impl Posts {
    /// The use cases over a store; posts without a locale get `default_locale`.
    #[must_use]
    pub fn new(
        store: Arc<dyn PostStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        default_locale: Locale,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            default_locale,
        }
    }
}
