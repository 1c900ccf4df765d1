//! The store of the links between posts.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::{ChangePosition, LinkName, LinkProgress};
use crate::{
    error::Result,
    freshness::Freshness,
    values::{CategoryId, PostId, Timestamp},
};

/// Stores which posts link to which names, and finds the posts with these names. Fails as
/// [`PostStore`](super::PostStore) does.
#[async_trait]
pub trait LinkStore: Send + Sync {
    /// Records that links of the public copies of a post may use these names.
    async fn add_links(&self, id: PostId, names: &BTreeSet<LinkName>) -> Result<()>;

    /// Returns the next posts after `after` whose public copies may use a name.
    async fn find_linking(
        &self,
        name: &LinkName,
        after: Option<PostId>,
        limit: usize,
    ) -> Result<Vec<PostId>>;

    /// Finds the posts that claim these names, public or not.
    async fn find_linked(
        &self,
        names: &BTreeSet<LinkName>,
        freshness: Freshness,
    ) -> Result<BTreeMap<LinkName, PostId>>;

    /// Returns the next changes of the public side after a position up to `now`, the oldest first.
    async fn changed_posts(
        &self,
        from: &ChangePosition,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, PostId)>>;

    /// Reads how far the changes that links depend on were followed.
    async fn link_progress(&self) -> Result<Option<LinkProgress>>;

    /// Stores how far the changes that links depend on were followed.
    async fn put_link_progress(&self, progress: &LinkProgress) -> Result<()>;

    /// Returns the slugs of these categories from the root, such as `serverless/aws`, at most five seconds old. Omits
    /// unknown categories.
    async fn category_paths(
        &self,
        ids: &BTreeSet<CategoryId>,
    ) -> Result<BTreeMap<CategoryId, String>>;
}
