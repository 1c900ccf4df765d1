//! Tags in DynamoDB: the counters of their lists, and what is left of those that went.

mod retire;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::Deserialize;
use tintero_domain::{
    Result,
    act::Act,
    categories::Seen,
    freshness::Freshness,
    operations::Operation,
    page::{Page, PageRequest},
    posts::Commit,
    tags::{Alias, Aliases, Counts, Succession, TagStore, UsedTag},
    values::{Tag, Timestamp},
};

use crate::{
    categories::Categories,
    cursor::CursorKeys,
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, Item, decode},
    keys::{self, Table},
    posts::TraceRecord,
};

/// Names the list in cursors.
const NAME: &str = "tags";

/// Requests of counters that a page takes at most: those of tags that nobody uses any more are passed.
const MOST_REQUESTS: usize = 4;

/// Far more than the traces that nobody has cleared away yet.
const MOST_TRACES: usize = 10_000;

/// Knows which tags are used.
#[derive(Debug, Clone)]
pub struct Tags {
    dynamo: Dynamo,
    cursors: CursorKeys,
    categories: Categories,
}

/// How many published posts have a tag.
#[derive(Debug, Deserialize)]
struct Count {
    posts: i64,
}

/// Counters in the order of their tags, and whether there are more behind them.
struct Stock {
    counts: BTreeMap<String, i64>,
    end: Option<String>,
}

impl Tags {
    /// The store over an installation's tables; `cursors` signs the positions in its list, and
    /// `categories` knows the tree, beside which lies what is left of tags.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys, categories: Categories) -> Self {
        Self {
            dynamo,
            cursors,
            categories,
        }
    }

    /// The next counters behind a tag; `end` is the last that was read when there are more.
    async fn counters(&self, after: Option<&str>, limit: usize) -> Result<Stock> {
        let (pk, ends) = keys::tags_after(after);
        let items = self.read(pk, ends, limit).await?;
        let is_all = items.len() < limit;
        let counters = items.into_iter().filter_map(counter);
        let counts: BTreeMap<_, _> = counters.collect::<Result<_>>()?;
        let last = counts.last_key_value().map(|(tag, _)| tag.clone());
        let end = last.filter(|_| !is_all);
        Ok(Stock { counts, end })
    }

    /// What the counters of these lists say.
    async fn counters_of(
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
    async fn beside(&self, aliases: &Aliases, now: Timestamp) -> Result<BTreeMap<String, i64>> {
        let lists: Vec<_> = aliases.moving().map(|alias| alias.tag.folded()).collect();
        let mut parts = vec![self.due(now).await?];
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
    async fn due(&self, now: Timestamp) -> Result<BTreeMap<String, i64>> {
        let (pk, ends) = keys::traces(now);
        let mut due: BTreeMap<String, i64> = BTreeMap::new();
        for item in self.read(pk, ends, MOST_TRACES).await? {
            let trace = decode::<Item<TraceRecord>>(item)?.body;
            for (tag, by) in trace.counts.unwrap_or_default().tags {
                *due.entry(tag).or_default() += by;
            }
        }
        Ok(due)
    }

    async fn read(&self, pk: String, ends: [String; 2], limit: usize) -> Result<Vec<Attributes>> {
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Rising(ends),
            limit,
            consistency: Consistency::Eventual,
        };
        self.dynamo.query(Table::Taxonomy, stretch).await
    }
}

#[async_trait]
impl TagStore for Tags {
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UsedTag>> {
        let mut after = match &page.cursor {
            Some(cursor) => Some(self.cursors.open(NAME, cursor, now)?),
            None => None,
        };
        let (tree, limit) = (
            self.categories.shared(Freshness::Recent).await?,
            page.limit.get(),
        );
        let aliases = &tree.tags;
        // What is left in the lists of tags that went is counted before what arrived, so nothing
        // that moves meanwhile is missed.
        let due = self.beside(aliases, now).await?;
        let mut items: Vec<UsedTag> = Vec::new();
        for _ in 0..MOST_REQUESTS {
            let stock = self.counters(after.as_deref(), limit + 1).await?;
            let found = used(&stock, &due, after.as_deref());
            items.extend(found.filter(|tag| aliases.get(&tag.folded).is_none()));
            after = stock.end;
            if items.len() > limit || after.is_none() {
                break;
            }
        }
        if items.len() > limit {
            items.truncate(limit);
            after = items.last().map(|tag| tag.folded.clone());
        }
        let next = after.map(|tag| self.cursors.seal(NAME, &tag, now));
        Ok(Page { items, next })
    }

    async fn aliases(&self, freshness: Freshness) -> Result<(Aliases, Seen)> {
        let tree = self.categories.shared(freshness).await?;
        Ok((tree.tags.clone(), tree.seen()))
    }

    async fn counts(&self, lists: &[String], now: Timestamp) -> Result<Counts> {
        let lists = lists.iter().map(String::as_str);
        Ok(Counts {
            counters: self.counters_of(lists, Consistency::Strong).await?,
            due: self.due(now).await?,
        })
    }

    async fn retire(
        &self,
        act: &Act,
        seen: Seen,
        succession: &Succession,
        operation: &Operation,
    ) -> Result<Commit> {
        let commit = retire::retire(&self.dynamo, act, seen, succession, operation).await;
        self.categories.forget().await;
        commit
    }

    async fn take_up(
        &self,
        act: &Act,
        before: &Alias,
        after: &Alias,
        operation: &Operation,
    ) -> Result<Commit> {
        let commit = retire::take_up(&self.dynamo, act, before, after, operation).await;
        self.categories.forget().await;
        commit
    }

    async fn drained(&self, act: &Act, tag: &Tag) -> Result<()> {
        let done = retire::drained(&self.dynamo, act, tag).await;
        self.categories.forget().await;
        done
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
fn used(
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
