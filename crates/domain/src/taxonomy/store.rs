use std::collections::HashMap;

use async_trait::async_trait;

use super::{Category, RetirementWrite, TagCounts, Tombstone, Tree, TreeVersion, UsedTag};
use crate::{
    error::Result,
    freshness::Freshness,
    operations::Operation,
    page::{Page, PageRequest},
    posts::ListKey,
    values::{BylineId, CategoryId, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

/// Stores the category tree and the tombstones of categories, tags and bylines. Each write is one
/// transaction that includes its audit record.
///
/// All methods fail with [`Unavailable`](crate::Error::Unavailable) if the store does not answer
/// and with [`Corrupt`](crate::Error::Corrupt) if a stored item cannot be read.
#[async_trait]
pub trait TaxonomyStore: Send + Sync {
    /// Returns all categories and all tombstones.
    async fn tree(&self, freshness: Freshness) -> Result<Tree>;

    /// Stores a tombstone and the operation that relocates the posts, if there is one. Requires
    /// that the tree is still at `version`.
    ///
    /// # Errors
    /// [`CategoryInUse`](crate::Error::CategoryInUse) if a category is deleted and has published
    /// posts, and [`BylineInUse`](crate::Error::BylineInUse) in the same case of a byline.
    async fn retire(
        &self,
        context: &WriteContext,
        version: TreeVersion,
        retirement: &RetirementWrite,
        operation: Option<&Operation>,
    ) -> Result<WriteOutcome>;

    /// Replaces the operation that relocates the posts of a retired category, tag or byline. Requires that
    /// the tombstone is still `before`.
    async fn resume(
        &self,
        context: &WriteContext,
        before: &Tombstone,
        operation: &Operation,
    ) -> Result<WriteOutcome>;

    /// Returns the number of published posts in the list of a byline.
    async fn byline_count(&self, id: BylineId, now: Timestamp) -> Result<u64>;

    /// Records that the list of a retired category, tag or byline has no posts. Does nothing if the tag is
    /// in use again.
    async fn mark_drained(&self, context: &WriteContext, list: &ListKey) -> Result<()>;
}

/// Stores categories and counts their posts.
#[async_trait]
pub trait CategoryStore: TaxonomyStore {
    /// Returns the number of published posts directly in each category that has any.
    async fn category_counts(&self, now: Timestamp) -> Result<HashMap<CategoryId, u64>>;

    /// Inserts a category, or replaces `before` by `after`. Requires that the tree is still at
    /// `version`. `alias` is the merged category that used the slug before; the slug counts as
    /// free.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if another category has the slug.
    async fn write(
        &self,
        context: &WriteContext,
        version: TreeVersion,
        before: Option<&Category>,
        after: &Category,
        alias: Option<CategoryId>,
    ) -> Result<WriteOutcome>;

    /// Whether one of these lists has a published or scheduled post.
    async fn holds_posts(&self, lists: &[CategoryId]) -> Result<bool>;
}

/// Counts the posts of tags.
#[async_trait]
pub trait TagStore: TaxonomyStore {
    /// Returns the tags of published posts in code point order. The posts in the list of a retired
    /// tag count for its replacement.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UsedTag>>;

    /// Returns the number of published posts in these lists.
    async fn tag_counts(&self, lists: &[String], now: Timestamp) -> Result<TagCounts>;
}
