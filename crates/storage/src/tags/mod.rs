//! Tags in DynamoDB: the counters of their lists, and what is left of those that went.

mod counting;
mod retire;

use async_trait::async_trait;
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
    dynamo::{Consistency, Dynamo},
};

/// Names the list in cursors.
const NAME: &str = "tags";

/// Requests of counters that a page takes at most: those of tags that nobody uses any more are passed.
const MOST_REQUESTS: usize = 4;

/// Knows which tags are used.
#[derive(Debug, Clone)]
pub struct Tags {
    dynamo: Dynamo,
    cursors: CursorKeys,
    categories: Categories,
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
            let found = counting::used(&stock, &due, after.as_deref());
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
            due: self.due(now, Consistency::Strong).await?,
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
