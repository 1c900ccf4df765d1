use std::collections::HashMap;

use async_trait::async_trait;

use super::{Category, Retired, Seen, Tree};
use crate::{error::Result, freshness::Freshness, operations::Operation, values::{CategoryId, Timestamp}, writes::{WriteContext, WriteOutcome}};

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
    /// state that was `seen`.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when the slug belongs to another category; to be the `alias`
    /// of one that went is no claim on it.
    async fn write(
        &self,
        context: &WriteContext,
        seen: Seen,
        before: Option<&Category>,
        after: &Category,
        alias: Option<CategoryId>,
    ) -> Result<WriteOutcome>;

    /// True when a post lies in one of these lists, published or planned.
    async fn holds_posts(&self, lists: &[CategoryId]) -> Result<bool>;

    /// Puts what is left of a category in its place, with the operation that moves its posts,
    /// provided that the tree is still at the state that was `seen`.
    ///
    /// # Errors
    /// [`CategoryInUse`](crate::Error::CategoryInUse) when it is deleted and a post was published
    /// under it meanwhile.
    async fn retire(
        &self,
        context: &WriteContext,
        seen: Seen,
        before: &Category,
        after: &Retired,
        operation: Option<&Operation>,
    ) -> Result<WriteOutcome>;

    /// Lets another operation move the posts of a category that went, provided that what is left
    /// of it is still as `before`.
    async fn take_up(
        &self,
        context: &WriteContext,
        before: &Retired,
        after: &Retired,
        operation: &Operation,
    ) -> Result<WriteOutcome>;

    /// Notes that no post lies in the list of a merged category any more, and none will.
    async fn drained(&self, context: &WriteContext, id: CategoryId) -> Result<()>;
}
