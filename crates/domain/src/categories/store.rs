use std::collections::HashMap;

use async_trait::async_trait;

use super::{Category, Tree};
use crate::{
    act::Act,
    error::Result,
    freshness::Freshness,
    posts::Commit,
    values::{CategoryId, Timestamp},
};

/// Keeps the category tree. Writing is atomic, with its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait CategoryStore: Send + Sync {
    /// All categories.
    async fn tree(&self, freshness: Freshness) -> Result<Tree>;

    /// How many posts that are published now are filed directly under each category that has any.
    async fn counts(&self, now: Timestamp) -> Result<HashMap<CategoryId, u64>>;

    /// Adds a category, or replaces `before` by `after`, provided that the tree is still at the
    /// version that was `seen`.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when the slug belongs to another category.
    async fn write(
        &self,
        act: &Act,
        seen: u64,
        before: Option<&Category>,
        after: &Category,
    ) -> Result<Commit>;
}
