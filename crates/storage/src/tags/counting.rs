//! What the counters of tags say, and what is to be added to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tintero_domain::{
    Result,
    tags::{Aliases, UsedTag},
    values::Timestamp,
};

use super::Tags;
use crate::{
    dynamo::{Consistency, Range, Stretch},
    item::{Attributes, Item, decode},
    keys::{self, Table},
    posts::TraceRecord,
};

/// Far more than the traces that nobody has cleared away yet.
const MOST_TRACES: usize = 10_000;

/// How many published posts have a tag.
#[derive(Debug, Deserialize)]
struct Count {
    posts: i64,
}

/// Counters in the order of their tags, and whether there are more behind them.
pub(super) struct Stock {
    counts: BTreeMap<String, i64>,
    pub(super) end: Option<String>,
}

impl Tags {
    /// The next counters behind a tag; `end` is the last that was read when there are more.
    pub(super) async fn counters(&self, after: Option<&str>, limit: usize) -> Result<Stock> {
        let (pk, ends) = keys::tags_after(after);
        let items = self.read((pk, ends), limit, Consistency::Eventual).await?;
        let is_all = items.len() < limit;
        let counters = items.into_iter().filter_map(counter);
        let counts: BTreeMap<_, _> = counters.collect::<Result<_>>()?;
        let last = counts.last_key_value().map(|(tag, _)| tag.clone());
        let end = last.filter(|_| !is_all);
        Ok(Stock { counts, end })
    }

    /// What the counters of these lists say.
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

    /// What is to be added to the counters of tags that are there: what is left in the lists of
    /// those that went, and what traces whose time has come add.
    pub(super) async fn beside(
        &self,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<BTreeMap<String, i64>> {
        let lists: Vec<_> = aliases.moving().map(|alias| alias.tag.folded()).collect();
        let mut parts = vec![self.due(now, Consistency::Eventual).await?];
        if !lists.is_empty() {
            let lists = lists.iter().map(String::as_str);
            parts.push(self.counters_of(lists, Consistency::Eventual).await?);
        }
        let mut beside: BTreeMap<String, i64> = BTreeMap::new();
        for (tag, by) in parts.into_iter().flatten() {
            // Counter and traces of an empty list make up nothing together.
            if aliases.get(&tag).is_none_or(|alias| !alias.drained) {
                *beside.entry(aliases.resolve_folded(&tag)).or_default() += by;
            }
        }
        Ok(beside)
    }

    /// What traces whose time has come add to the counters.
    pub(super) async fn due(
        &self,
        now: Timestamp,
        consistency: Consistency,
    ) -> Result<BTreeMap<String, i64>> {
        let ends = keys::traces(now);
        let mut due: BTreeMap<String, i64> = BTreeMap::new();
        for item in self.read(ends, MOST_TRACES, consistency).await? {
            let trace = decode::<Item<TraceRecord>>(item)?.body;
            for (tag, by) in trace.counts.unwrap_or_default().tags {
                *due.entry(tag).or_default() += by;
            }
        }
        Ok(due)
    }

    async fn read(
        &self,
        (pk, ends): (String, [String; 2]),
        limit: usize,
        consistency: Consistency,
    ) -> Result<Vec<Attributes>> {
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Rising(ends),
            limit,
            consistency,
        };
        self.dynamo.query(Table::Taxonomy, stretch).await
    }
}

/// The tag of a counter, and what it counts.
fn counter(item: Attributes) -> Option<Result<(String, i64)>> {
    let Item { sk, body, .. } = match decode::<Item<Count>>(item) {
        Ok(item) => item,
        Err(error) => return Some(Err(error)),
    };
    keys::counted_tag(&sk).map(|tag| Ok((tag.to_owned(), body.posts)))
}

/// The tags that are used behind a tag, as far as the counters were read.
pub(super) fn used(
    stock: &Stock,
    due: &BTreeMap<String, i64>,
    after: Option<&str>,
) -> impl Iterator<Item = UsedTag> {
    let mut counts = stock.counts.clone();
    for (tag, by) in due {
        let is_behind = after.is_none_or(|after| tag.as_str() > after);
        let is_read = stock.end.as_ref().is_none_or(|end| tag <= end);
        if is_behind && is_read {
            *counts.entry(tag.clone()).or_default() += by;
        }
    }
    let counts = counts.into_iter().filter(|(_, posts)| *posts > 0);
    counts.map(|(folded, posts)| UsedTag {
        folded,
        post_count: posts.unsigned_abs(),
    })
}
