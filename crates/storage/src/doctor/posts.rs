//! One post and its items.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{
    Error, Result,
    freshness::Freshness,
    posts::{LiveCopy, Post},
    values::PostId,
};

use super::{
    Check, DoctorFinding, DoctorRule, expected_items::ExpectedItems, expected_state::ExpectedState,
    finding::Fix,
};
use crate::{
    dynamo::Consistency,
    item::{Attributes, key_of},
    keys::{self, ItemKey, Table},
    posts::{copies, find_post},
};

/// Maximum number of checks of a post that changes during the check.
const ATTEMPTS: usize = 5;

impl Check<'_> {
    /// Checks a post and its scanned items.
    pub(super) async fn post(
        &self,
        id: PostId,
        seen: BTreeSet<ItemKey>,
    ) -> Result<Vec<DoctorFinding>> {
        for _ in 0..ATTEMPTS {
            let before = self.find(id).await?;
            let mut found = match &before {
                Some(post) if seen.contains(&keys::post(id)) => self.all_of(post).await?,
                _ => Vec::new(),
            };
            found.extend(self.strays(id, before.as_ref(), &seen).await?);
            let after = self.find(id).await?;
            let version = |post: Option<&Post>| post.map(|post| post.state.version);
            if found.is_empty() || version(before.as_ref()) == version(after.as_ref()) {
                return Ok(found);
            }
        }
        // The post changed during every check. Each write keeps its items consistent.
        Ok(Vec::new())
    }

    async fn find(&self, id: PostId) -> Result<Option<Post>> {
        find_post(self.dynamo, id, Freshness::Now, self.now).await
    }

    /// Finds missing items of a post and items that contradict it.
    async fn all_of(&self, post: &Post) -> Result<Vec<DoctorFinding>> {
        let expected = ExpectedItems::of(post);
        let existing = self.read(Table::Posts, expected.required_keys()).await?;
        let planned = expected.plans.iter().cloned().collect();
        let plans = self.read(Table::Taxonomy, planned).await?;
        let copies = self.copies(post).await?;
        let state = ExpectedState {
            id: post.state.id,
            now: self.now,
            expected,
            existing,
            plans,
            copies,
        };
        let mut found = state.findings();
        found.extend(self.dangling(post).await?);
        found.extend(self.texts(post, &state.readable_claims()).await?);
        Ok(found)
    }

    /// The live copies of a post; `None` if one is missing or cannot be decoded.
    pub(super) async fn copies(&self, post: &Post) -> Result<Option<Vec<LiveCopy>>> {
        match copies(self.dynamo, post).await {
            Err(Error::Corrupt { what, source }) => {
                tracing::warn!(what, error = %source, "cannot read the live copies of a post");
                Ok(None)
            }
            result => result,
        }
    }

    /// Finds references of a post to missing categories, bylines and images.
    async fn dangling(&self, post: &Post) -> Result<Vec<DoctorFinding>> {
        let content = &post.content;
        let categories = content.category_ids.iter().map(|id| keys::category(*id));
        let bylines = content.byline_ids.iter().map(|id| keys::byline(*id));
        let images = content.featured_image_id.iter().map(|id| keys::image(*id));
        let mut found = Vec::new();
        for (table, named) in [
            (Table::Taxonomy, categories.collect::<Vec<_>>()),
            (Table::Identity, bylines.collect()),
            (Table::Images, images.collect()),
        ] {
            let existing = self.read(table, named.clone()).await?;
            let missing = named.into_iter().filter(|key| !existing.contains_key(key));
            let missing = self.without_retired(missing.collect()).await?.into_iter();
            let id = post.state.id;
            found.extend(missing.map(|key| {
                let detail = format!("does not exist, but post {id} refers to it");
                DoctorFinding::new(DoctorRule::References, key, detail, Fix::None)
            }));
        }
        Ok(found)
    }

    /// Returns the keys without those of retired bylines, to which drafts may refer.
    async fn without_retired(&self, mut missing: Vec<ItemKey>) -> Result<Vec<ItemKey>> {
        let tombstone = |key: &ItemKey| keys::counted_byline(&key.sk).map(keys::byline_tombstone);
        let retired = missing.iter().filter_map(tombstone).collect();
        let retired = self.read(Table::Taxonomy, retired).await?;
        missing.retain(|key| tombstone(key).is_none_or(|key| !retired.contains_key(&key)));
        Ok(missing)
    }

    /// Returns the existing items with these keys.
    pub(super) async fn read(
        &self,
        table: Table,
        mut keys: Vec<ItemKey>,
    ) -> Result<BTreeMap<ItemKey, Attributes>> {
        keys.sort();
        keys.dedup();
        let items = self.dynamo.get_many(table, keys, Consistency::Strong);
        let keyed = |item: Attributes| Some((key_of(&item)?, item));
        Ok(items.await?.into_iter().filter_map(keyed).collect())
    }
}
