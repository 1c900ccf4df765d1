//! Chooses the partitions that a list query reads.

use serde::Deserialize;
use tintero_domain::{Result, values::CategoryId};

use super::resolved_filter::ResolvedFilter;
use crate::{
    dynamo::Consistency,
    item::{Item, decode},
    keys::{self, PublicPartition, Table},
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

impl DynamoPostStore {
    /// Selects the most selective partitions. The counters of a tag and categories are compared. Bylines
    /// and locales have no counters and are assumed to be less selective.
    pub(super) async fn plan(&self, filter: &ResolvedFilter) -> Result<QueryPlan> {
        let (mut tag, categories) = (filter.tag.as_ref(), filter.categories.as_ref());
        let mut requests = 0;
        if let (Some(both), Some(categories)) = (tag, categories) {
            requests = 1;
            let is_rarer = self.is_rarer(&both.lists, &categories.lists).await?;
            tag = tag.filter(|_| is_rarer);
        }
        if let Some(tag) = tag {
            let lists = tag.lists.iter().cloned();
            return Ok(QueryPlan {
                partitions: lists.map(PublicPartition::Tag).collect(),
                requests,
                moving: tag.lists.len() > 1,
            });
        }
        if let Some(categories) = categories {
            let lists = categories.lists.iter().copied();
            return Ok(QueryPlan {
                partitions: lists.map(PublicPartition::Category).collect(),
                requests,
                moving: categories.lists.len() > categories.present.len(),
            });
        }
        let partition = match (filter.byline, &filter.locale) {
            (Some(byline), _) => PublicPartition::Byline(byline),
            (None, Some(locale)) => PublicPartition::Locale(locale.clone()),
            (None, None) => PublicPartition::Latest,
        };
        Ok(QueryPlan::of(vec![partition]))
    }

    /// Whether the lists of a tag contain at most as many posts as those of the categories.
    async fn is_rarer(&self, tag: &[String], categories: &[CategoryId]) -> Result<bool> {
        let of_tag: Vec<_> = tag.iter().map(|list| keys::tag_count(list)).collect();
        let mut counters = of_tag.clone();
        counters.extend(categories.iter().copied().map(keys::category_count));
        let found = self
            .dynamo
            .get_many(Table::Taxonomy, counters, Consistency::Eventual)
            .await?;
        let (mut tagged, mut categorized) = (0, 0);
        for item in found {
            let item: Item<ListSize> = decode(item)?;
            if of_tag.contains(&item.key()) {
                tagged += item.body.posts;
            } else {
                categorized += item.body.posts;
            }
        }
        Ok(tagged <= categorized)
    }
}
