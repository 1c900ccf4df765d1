//! Tags: free keywords of posts. A tag is there as long as a published post has it.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    clock::Clock,
    error::Result,
    page::{Page, PageRequest},
    values::Timestamp,
};

/// A tag that published posts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedTag {
    /// The tag in lower case: letter case does not tell tags apart.
    pub folded: String,
    /// How many published posts have it.
    pub post_count: u64,
}

/// Knows which tags are used.
#[async_trait]
pub trait TagStore: Send + Sync {
    /// The tags of posts that are published now, in the order of their characters.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) when the store cannot answer.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UsedTag>>;
}

/// The use cases around tags.
#[derive(Clone)]
pub struct Tags {
    store: Arc<dyn TagStore>,
    clock: Arc<dyn Clock>,
}

impl Tags {
    /// The use cases over a store.
    #[must_use]
    pub fn new(store: Arc<dyn TagStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The tags of published posts, for everybody.
    pub async fn list(&self, page: &PageRequest) -> Result<Page<UsedTag>> {
        self.store.list(self.clock.now(), page).await
    }
}
