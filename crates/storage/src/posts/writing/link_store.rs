//! [`LinkStore`] in DynamoDB.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{ChangePosition, LinkName, LinkProgress, LinkStore},
    values::{CategoryId, IdOrSlug, PostId, Timestamp},
};

use super::links;
use crate::posts::DynamoPostStore;

#[async_trait]
impl LinkStore for DynamoPostStore {
    async fn add_links(&self, id: PostId, names: &BTreeSet<LinkName>) -> Result<()> {
        links::add(&self.dynamo, id, names).await
    }

    async fn find_linking(
        &self,
        name: &LinkName,
        after: Option<PostId>,
        limit: usize,
    ) -> Result<Vec<PostId>> {
        links::linking(&self.dynamo, name, after, limit).await
    }

    async fn find_linked(
        &self,
        names: &BTreeSet<LinkName>,
        freshness: Freshness,
    ) -> Result<BTreeMap<LinkName, PostId>> {
        links::linked(&self.dynamo, names, freshness).await
    }

    async fn changed_posts(
        &self,
        from: &ChangePosition,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, PostId)>> {
        links::changed(&self.dynamo, from, now, limit).await
    }

    async fn link_progress(&self) -> Result<Option<LinkProgress>> {
        links::progress(&self.dynamo).await
    }

    async fn put_link_progress(&self, progress: &LinkProgress) -> Result<()> {
        links::put_progress(&self.dynamo, progress).await
    }

    async fn category_paths(
        &self,
        ids: &BTreeSet<CategoryId>,
    ) -> Result<BTreeMap<CategoryId, String>> {
        let tree = self.taxonomy.shared_tree(Freshness::Recent).await?;
        let path = |id: &CategoryId| Some((*id, tree.path(tree.find(&IdOrSlug::Id(*id))?)));
        Ok(ids.iter().filter_map(path).collect())
    }
}
