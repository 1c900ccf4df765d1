//! One post: whether everything is there that follows from it, and nothing else of it.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{Result, freshness::Freshness, posts::Post, values::PostId};

use super::{Finding, Look, Rule, chart::Chart, expected::Expected, finding::Cure};
use crate::{
    dynamo::Consistency,
    item::{Attributes, key_of},
    keys::{self, Key, Table},
    posts::{copies, find_post},
};

/// How often a post is looked at anew because it was written meanwhile.
const ATTEMPTS: usize = 5;

impl Look<'_> {
    /// What is wrong with a post and with those of its items that were seen.
    pub(super) async fn post(&self, id: PostId, seen: BTreeSet<Key>) -> Result<Vec<Finding>> {
        for _ in 0..ATTEMPTS {
            let before = self.find(id).await?;
            let mut found = match &before {
                Some(post) if seen.contains(&keys::post(id)) => self.all_of(post).await?,
                _ => Vec::new(),
            };
            found.extend(self.strays(id, before.as_ref(), &seen).await?);
            let after = self.find(id).await?;
            let version = |post: Option<&Post>| post.map(|post| post.standing.version);
            if found.is_empty() || version(before.as_ref()) == version(after.as_ref()) {
                return Ok(found);
            }
        }
        // Whoever keeps writing it keeps it in order.
        Ok(Vec::new())
    }

    async fn find(&self, id: PostId) -> Result<Option<Post>> {
        find_post(self.dynamo, id, Freshness::Now, self.now).await
    }

    /// What is missing of a post, or says something else than it.
    async fn all_of(&self, post: &Post) -> Result<Vec<Finding>> {
        let expected = Expected::of(post);
        let there = self.read(Table::Posts, expected.places()).await?;
        let planned = expected.plans.iter().cloned().collect();
        let plans = self.read(Table::Taxonomy, planned).await?;
        let copies = copies(self.dynamo, post).await.ok().flatten();
        let chart = Chart {
            id: post.standing.id,
            now: self.now,
            expected,
            there,
            plans,
            copies,
        };
        let mut found = chart.findings();
        found.extend(self.dangling(post).await?);
        found.extend(self.texts(post, &chart.readable_claims()).await?);
        Ok(found)
    }

    /// Categories, bylines and images that a post names and nobody knows.
    async fn dangling(&self, post: &Post) -> Result<Vec<Finding>> {
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
            let there = self.read(table, named.clone()).await?;
            let missing = named.into_iter().filter(|key| !there.contains_key(key));
            let id = post.standing.id;
            found.extend(missing.map(|key| {
                let detail = format!("does not exist, and post {id} names it");
                Finding::new(Rule::References, key, detail, Cure::None)
            }));
        }
        Ok(found)
    }

    /// Those of many items that are there.
    pub(super) async fn read(
        &self,
        table: Table,
        mut places: Vec<Key>,
    ) -> Result<BTreeMap<Key, Attributes>> {
        places.sort();
        places.dedup();
        let items = self.dynamo.get_many(table, places, Consistency::Strong);
        let keyed = |item: Attributes| Some((key_of(&item)?, item));
        Ok(items.await?.into_iter().filter_map(keyed).collect())
    }
}
