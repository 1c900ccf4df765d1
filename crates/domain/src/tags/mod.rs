//! Tags: free keywords of posts. A tag is there as long as a published post has it.

mod aliases;
mod retire;
mod store;

use std::sync::Arc;

pub use aliases::{Alias, Aliases};
pub use store::{Counts, Succession, TagStore};

use crate::{
    clock::{Clock, Ids},
    error::Result,
    operations::Operations,
    page::{Page, PageRequest},
};

/// A tag that published posts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedTag {
    /// The tag in lower case: letter case does not tell tags apart.
    pub folded: String,
    /// How many published posts have it, those on their way from what it stands for included.
    /// While they are, a post that had both is counted twice until it has arrived.
    pub post_count: u64,
}

/// The use cases around tags.
#[derive(Clone)]
pub struct Tags {
    store: Arc<dyn TagStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    operations: Operations,
}

impl Tags {
    /// The use cases over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn TagStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        operations: Operations,
    ) -> Self {
        Self {
            store,
            clock,
            ids,
            operations,
        }
    }

    /// The tags of published posts, for everybody.
    pub async fn list(&self, page: &PageRequest) -> Result<Page<UsedTag>> {
        self.store.list(self.clock.now(), page).await
    }
}
