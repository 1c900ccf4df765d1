//! Reads the counters of tags and bylines.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{
    Result,
    taxonomy::{TagAliases, UsedTag},
    values::{BylineId, Timestamp},
};

use super::{DynamoTaxonomyStore, PostCount};
use crate::{
    dynamo::{Consistency, KeyRange},
    item::{Attributes, Item, decode},
    keys::{self, Table},
    posts::{CleanupRecord, CounterChanges},
};

/// Query limit, far above the number of due cleanups.
const MAX_CLEANUPS: usize = 10_000;

/// Consecutive counters in the order of their tags.
pub(super) struct TagCounters {
    counts: BTreeMap<String, i64>,
    /// The last tag, if there may be more.
    pub(super) end: Option<String>,
}

impl DynamoTaxonomyStore {
    pub(super) async fn counters_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TagCounters> {
        let (pk, ends) = keys::tags_after(after);
        let range = KeyRange::Ascending(ends);
        let items = self.query(pk, range, limit, Consistency::Eventual).await?;
        let is_last = items.len() < limit;
        let counters = items.into_iter().filter_map(counter);
        let counts: BTreeMap<_, _> = counters.collect::<Result<_>>()?;
        let last = counts.last_key_value().map(|(tag, _)| tag.clone());
        let end = last.filter(|_| !is_last);
        Ok(TagCounters { counts, end })
    }

    pub(super) async fn counters_of(
        &self,
        lists: impl Iterator<Item = &str>,
        consistency: Consistency,
    ) -> Result<BTreeMap<String, i64>> {
        let keys: BTreeSet<_> = lists.map(keys::tag_count).collect();
        let keys = keys.into_iter().collect();
        let found = self.dynamo.get_many(Table::Taxonomy, keys, consistency);
        found.await?.into_iter().filter_map(counter).collect()
    }

    /// Counts to add to the counters of current tags: posts in the lists of retired tags, and the
    /// effects of due cleanups.
    pub(super) async fn additional_counts(
        &self,
        aliases: &TagAliases,
        now: Timestamp,
    ) -> Result<BTreeMap<String, i64>> {
        let undrained = aliases.undrained();
        let lists: Vec<_> = undrained.map(|tombstone| tombstone.tag.folded()).collect();
        let mut parts = vec![self.due_counts(now, Consistency::Eventual).await?];
        if !lists.is_empty() {
            let lists = lists.iter().map(String::as_str);
            parts.push(self.counters_of(lists, Consistency::Eventual).await?);
        }
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for (tag, by) in parts.into_iter().flatten() {
            // The counter and the due cleanups of a drained list add up to zero.
            let tombstone = aliases.get(&tag);
            if tombstone.is_none_or(|tombstone| !tombstone.alias.drained) {
                *counts.entry(aliases.resolve_folded(&tag)).or_default() += by;
            }
        }
        Ok(counts)
    }

    /// Effects of due cleanups.
    pub(super) async fn due_counts(
        &self,
        now: Timestamp,
        consistency: Consistency,
    ) -> Result<BTreeMap<String, i64>> {
        let mut due: BTreeMap<String, i64> = BTreeMap::new();
        for counts in self.due_changes(now, consistency).await? {
            for (tag, by) in counts.tags {
                *due.entry(tag).or_default() += by;
            }
        }
        Ok(due)
    }

    async fn due_changes(
        &self,
        now: Timestamp,
        consistency: Consistency,
    ) -> Result<Vec<CounterChanges>> {
        let (pk, ends) = keys::due_cleanups(now);
        let range = KeyRange::Ascending(ends);
        let due = self.query(pk, range, MAX_CLEANUPS, consistency).await?;
        let changes = due.into_iter().map(|item| {
            let cleanup = decode::<Item<CleanupRecord>>(item)?.body;
            Ok(cleanup.counts.unwrap_or_default())
        });
        changes.collect()
    }

    /// The number of published posts in the list of a byline.
    pub(super) async fn count_of_byline(&self, id: BylineId, now: Timestamp) -> Result<u64> {
        let key = keys::byline_count(id);
        let found = self
            .dynamo
            .find::<PostCount>(Table::Taxonomy, key, Consistency::Strong);
        let counted = found.await?.map_or(0, |count| count.posts);
        let due = self.due_changes(now, Consistency::Strong).await?;
        let due: i64 = due
            .iter()
            .filter_map(|changes| changes.bylines.get(&id))
            .sum();
        Ok(u64::try_from(counted + due).unwrap_or_default())
    }
}

fn counter(item: Attributes) -> Option<Result<(String, i64)>> {
    let Item { sk, body, .. } = match decode::<Item<PostCount>>(item) {
        Ok(item) => item,
        Err(error) => return Some(Err(error)),
    };
    keys::counted_tag(&sk).map(|tag| Ok((tag.to_owned(), body.posts)))
}

/// The tags after `after` with a positive count, within the range of the counters.
pub(super) fn used(
    counters: &TagCounters,
    additional: &BTreeMap<String, i64>,
    after: Option<&str>,
) -> impl Iterator<Item = UsedTag> {
    let mut counts = counters.counts.clone();
    for (tag, by) in additional {
        let is_after = after.is_none_or(|after| tag.as_str() > after);
        let is_before_end = counters.end.as_ref().is_none_or(|end| tag <= end);
        if is_after && is_before_end {
            *counts.entry(tag.clone()).or_default() += by;
        }
    }
    let counts = counts.into_iter().filter(|(_, posts)| *posts > 0);
    counts.map(|(folded, posts)| UsedTag {
        folded,
        post_count: posts.unsigned_abs(),
    })
}
