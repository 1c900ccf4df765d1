//! Chooses the partitions that a list query reads.

use std::collections::HashMap;

use serde::Deserialize;
use tintero_domain::Result;

use super::resolved_filter::{ResolvedCategories, ResolvedFilter, ResolvedTag};
use crate::{
    dynamo::Consistency,
    item::{Item, decode},
    keys::{self, ItemKey, PublicPartition, Table},
    posts::DynamoPostStore,
};

/// The partitions that a query reads.
pub(super) struct QueryPlan {
    pub(super) partitions: Vec<PublicPartition>,
    /// Number of requests for the planning.
    pub(super) requests: usize,
    /// Whether an operation may move posts from earlier partitions to later ones.
    pub(super) moving: bool,
}

impl QueryPlan {
    fn of(partitions: Vec<PublicPartition>) -> Self {
        Self {
            partitions,
            requests: 0,
            moving: false,
        }
    }
}

/// A counter of published posts.
#[derive(Debug, Deserialize)]
struct ListSize {
    posts: i64,
}

/// The lists that contain all posts of one condition.
enum Candidate<'a> {
    Tag(&'a ResolvedTag),
    Categories(&'a ResolvedCategories),
}

impl Candidate<'_> {
    fn partitions(&self) -> Vec<PublicPartition> {
        match self {
            Self::Tag(tag) => tag
                .lists
                .iter()
                .cloned()
                .map(PublicPartition::Tag)
                .collect(),
            Self::Categories(categories) => {
                let lists = categories.lists.iter().copied();
                lists.map(PublicPartition::Category).collect()
            }
        }
    }

    fn counters(&self) -> Vec<ItemKey> {
        match self {
            Self::Tag(tag) => tag.lists.iter().map(|list| keys::tag_count(list)).collect(),
            Self::Categories(categories) => {
                let lists = categories.lists.iter().copied();
                lists.map(keys::category_count).collect()
            }
        }
    }

    fn is_moving(&self) -> bool {
        match self {
            Self::Tag(tag) => tag.lists.len() > 1,
            Self::Categories(categories) => categories.lists.len() > categories.present.len(),
        }
    }
}

impl DynamoPostStore {
    /// Selects the most selective partitions. The counters of tags and categories are compared. Bylines
    /// and locales have no counters and are assumed to be less selective.
    pub(super) async fn plan(&self, filter: &ResolvedFilter) -> Result<QueryPlan> {
        let tags = filter.tags.iter().map(Candidate::Tag);
        let categories = filter.categories.iter().map(Candidate::Categories);
        let candidates: Vec<_> = tags.chain(categories).collect();
        let requests = usize::from(candidates.len() > 1);
        if let Some(rarest) = self.rarest(candidates).await? {
            return Ok(QueryPlan {
                partitions: rarest.partitions(),
                requests,
                moving: rarest.is_moving(),
            });
        }
        let locales = filter.locales.iter().cloned();
        if let Some(byline) = &filter.byline {
            let lists = byline.lists.iter().copied();
            let partitions = lists.map(PublicPartition::Byline);
            return Ok(QueryPlan {
                moving: byline.lists.len() > 1,
                ..QueryPlan::of(partitions.collect())
            });
        }
        Ok(QueryPlan::of(if filter.locales.is_empty() {
            vec![PublicPartition::Latest]
        } else {
            locales.map(PublicPartition::Locale).collect()
        }))
    }

    /// Returns the candidate with the fewest posts; the first of several.
    async fn rarest<'a>(
        &self,
        mut candidates: Vec<Candidate<'a>>,
    ) -> Result<Option<Candidate<'a>>> {
        if candidates.len() < 2 {
            return Ok(candidates.pop());
        }
        let counters = candidates.iter().flat_map(Candidate::counters).collect();
        let found = self
            .dynamo
            .get_many(Table::Taxonomy, counters, Consistency::Eventual)
            .await?;
        let mut sizes = HashMap::new();
        for item in found {
            let item: Item<ListSize> = decode(item)?;
            sizes.insert(item.key(), item.body.posts);
        }
        let size = |candidate: &Candidate<'_>| -> i64 {
            let counters = candidate.counters().into_iter();
            counters.filter_map(|counter| sizes.get(&counter)).sum()
        };
        Ok(candidates.into_iter().min_by_key(size))
    }
}
