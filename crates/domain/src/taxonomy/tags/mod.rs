//! Tags: free keywords of posts. A tag exists as long as a published post has it.

mod aliases;
mod counts;
mod merge;

use std::sync::Arc;

pub use aliases::TagAliases;
pub use counts::TagCounts;

use super::{TagStore, retirement::Merger};
use crate::{
    clock::{Clock, Ids},
    error::Result,
    operations::Operations,
    page::{Page, PageRequest},
};

/// A tag that published posts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedTag {
    /// The tag in lower case. Tags are compared without regard to letter case.
    pub folded: String,
    /// Number of published posts with the tag, including those that a merge has not relocated yet.
    /// Until then, a post with both tags counts twice.
    pub post_count: u64,
}

/// Use cases for tags.
#[derive(Clone)]
pub struct Tags {
    store: Arc<dyn TagStore>,
    clock: Arc<dyn Clock>,
    merger: Merger,
}

impl Tags {
    /// Creates the use cases on a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn TagStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        operations: Operations,
    ) -> Self {
        let merger = Merger {
            store: store.clone(),
            clock: Arc::clone(&clock),
            ids,
            operations,
        };
        Self {
            store,
            clock,
            merger,
        }
    }

    /// Returns the tags of published posts. Requires no permission.
    pub async fn list(&self, page: &PageRequest) -> Result<Page<UsedTag>> {
        self.store.list(self.clock.now(), page).await
    }
}
