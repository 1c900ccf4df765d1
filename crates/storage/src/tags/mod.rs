//! Tags in DynamoDB: nothing but the counters of their lists.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Deserialize;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    tags::{TagStore, UsedTag},
    values::Timestamp,
};

use crate::{
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
    /// The store over an installation's tables; `cursors` signs the positions in its list.
    #[must_use]
    pub fn new(dynamo: Dynamo, cursors: CursorKeys) -> Self {
        Self { dynamo, cursors }
    }

    /// The next counters behind a tag; `end` is the last that was read when there are more.
    async fn counters(&self, after: Option<&str>, limit: usize) -> Result<Stock> {
        let (pk, ends) = keys::tags_after(after);
        let items = self.read(pk, ends, limit).await?;
        let is_all = items.len() < limit;
        let mut counts = BTreeMap::new();
        for item in items {
            let Item { sk, body, .. } = decode::<Item<Count>>(item)?;
            counts.extend(keys::counted_tag(&sk).map(|tag| (tag.to_owned(), body.posts)));
        }
        let last = counts.last_key_value().map(|(tag, _)| tag.clone());
        let end = last.filter(|_| !is_all);
        Ok(Stock { counts, end })
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
        let (due, limit) = (self.due(now).await?, page.limit.get());
        let mut items: Vec<UsedTag> = Vec::new();
        for _ in 0..MOST_REQUESTS {
            let stock = self.counters(after.as_deref(), limit + 1).await?;
            let found = used(&stock, &due, after.as_deref());
            items.extend(found);
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
}

/// The tags that are used behind a tag, as far as the counters were read.
fn used(stock: &Stock, due: &BTreeMap<String, i64>, after: Option<&str>) -> Vec<UsedTag> {
    let mut counts = stock.counts.clone();
    for (tag, by) in due {
        let is_behind = after.is_none_or(|after| tag.as_str() > after);
        let is_read = stock.end.as_ref().is_none_or(|end| tag <= end);
        if is_behind && is_read {
            *counts.entry(tag.clone()).or_default() += by;
        }
    }
    let counts = counts.into_iter().filter(|(_, posts)| *posts > 0);
    counts
        .map(|(folded, posts)| UsedTag {
            folded,
            post_count: posts.unsigned_abs(),
        })
        .collect()
}
