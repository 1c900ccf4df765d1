//! Compares counters with their lists.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::Result;

use super::{Check, DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    dynamo::{KeyRange, RangeQuery},
    item::{Attributes, Item, decode, key_of},
    keys::{self, ItemKey, Table},
    posts::{CleanupRecord, PublicRow},
};

/// Maximum number of comparisons of a counter that changes during the comparison.
const ATTEMPTS: usize = 5;

impl Check<'_> {
    /// Finds counters that differ from their lists. `tags` are the tags with lists.
    pub(super) async fn counts(&self, tags: &BTreeSet<String>) -> Result<Vec<DoctorFinding>> {
        let mut found = Vec::new();
        let tags = tags.iter().map(|tag| keys::tag_count(tag));
        for counter in tags.chain(self.counters().await?).collect::<BTreeSet<_>>() {
            if let Some(by) = self.surplus(&counter).await? {
                let detail = format!("counts {by:+} posts compared with its list");
                found.push(DoctorFinding::new(
                    DoctorRule::Counts,
                    counter,
                    detail,
                    Fix::Count,
                ));
            }
        }
        Ok(found)
    }

    /// The existing and the expected counters.
    async fn counters(&self) -> Result<BTreeSet<ItemKey>> {
        let mut counters: BTreeSet<_> = self.counted().await?.into_keys().collect();
        for item in self.partition(Table::Taxonomy, keys::tree()).await? {
            let category = key_of(&item).and_then(|key| keys::counted_category(&key.sk));
            counters.extend(category.map(keys::category_count));
        }
        for item in self.partition(Table::Identity, keys::bylines()).await? {
            let byline = key_of(&item).and_then(|key| keys::counted_byline(&key.sk));
            counters.extend(byline.map(keys::byline_count));
        }
        Ok(counters)
    }

    /// The difference between a counter and its list, if the counter is stable.
    pub(super) async fn surplus(&self, counter: &ItemKey) -> Result<Option<i64>> {
        for _ in 0..ATTEMPTS {
            let before = self.counted().await?.get(counter).copied().unwrap_or(0);
            let listed = self.listed(counter).await?;
            let after = self.counted().await?.get(counter).copied().unwrap_or(0);
            if before == listed {
                return Ok(None);
            }
            if before == after {
                return Ok(Some(before - listed));
            }
        }
        Ok(None)
    }

    /// The counters, including pending cleanups that are due.
    async fn counted(&self) -> Result<BTreeMap<ItemKey, i64>> {
        let mut counted: BTreeMap<ItemKey, i64> = BTreeMap::new();
        let (pk, ends) = keys::category_counts(self.now);
        let categories = self
            .range(Table::Taxonomy, pk, KeyRange::Ascending(ends))
            .await?;
        let tags = self.partition(Table::Taxonomy, keys::tag_counts()).await?;
        for item in categories.into_iter().chain(tags) {
            let Some(key) = key_of(&item) else { continue };
            if keys::parse_cleanup(&key.sk).is_none() {
                *counted.entry(key).or_default() += posts_of(&item);
                continue;
            }
            let trace = decode::<Item<CleanupRecord>>(item)?.body;
            let counts = trace.counts.unwrap_or_default();
            for (id, by) in counts.categories {
                *counted.entry(keys::category_count(id)).or_default() += by;
            }
            for (tag, by) in counts.tags {
                *counted.entry(keys::tag_count(&tag)).or_default() += by;
            }
            for (id, by) in counts.bylines {
                *counted.entry(keys::byline_count(id)).or_default() += by;
            }
        }
        Ok(counted)
    }

    /// The number of visible posts in the list of a counter.
    async fn listed(&self, counter: &ItemKey) -> Result<i64> {
        let Some(list) = keys::counted_list(counter) else {
            return Ok(0);
        };
        let mut seen = 0;
        for row in self.partition(Table::Posts, list.pk()).await? {
            // A row that cannot be decoded is a separate finding.
            let row = decode::<Item<PublicRow>>(row).ok();
            let shown = row.and_then(|row| row.body.at(self.now));
            seen += i64::from(shown.is_some());
        }
        Ok(seen)
    }

    /// Returns all items of a partition.
    pub(super) async fn partition(&self, table: Table, pk: String) -> Result<Vec<Attributes>> {
        let range = KeyRange::Below(keys::end_of_references());
        self.range(table, pk, range).await
    }

    async fn range(&self, table: Table, pk: String, range: KeyRange) -> Result<Vec<Attributes>> {
        self.dynamo.query(table, RangeQuery::all(pk, range)).await
    }
}

/// The number of posts in a counter.
pub(super) fn posts_of(counter: &Attributes) -> i64 {
    match counter.get("posts") {
        Some(AttributeValue::N(number)) => number.parse().unwrap_or_default(),
        _ => 0,
    }
}
