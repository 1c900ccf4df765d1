use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{Alias, Aliases, UsedTag};
use crate::{categories::Seen, error::Result, freshness::Freshness, operations::Operation, page::{Page, PageRequest}, values::{Tag, Timestamp}, writes::{WriteContext, WriteOutcome}};

/// Knows which tags are used, and keeps what is left of those that went. Writing is atomic, with
/// its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait TagStore: Send + Sync {
    /// The tags of posts that are published now, in the order of their characters: of those that
    /// went, none, and what is left in their lists counts for what stands for them.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<UsedTag>>;

    /// What is left of tags that went, and the state of everything that this was read with.
    async fn aliases(&self, freshness: Freshness) -> Result<(Aliases, Seen)>;

    /// How many published posts these lists hold, as of now.
    async fn counts(&self, lists: &[String], now: Timestamp) -> Result<Counts>;

    /// Puts another tag in the place of one, with the operation that moves its posts, provided that
    /// everything is still as it was seen.
    async fn retire(
        &self,
        context: &WriteContext,
        seen: Seen,
        succession: &Succession,
        operation: &Operation,
    ) -> Result<WriteOutcome>;

    /// Lets another operation move the posts of a tag that went, provided that what is left of it
    /// is still as `before`.
    async fn take_up(
        &self,
        context: &WriteContext,
        before: &Alias,
        after: &Alias,
        operation: &Operation,
    ) -> Result<WriteOutcome>;

    /// Notes that no post lies in the list of a tag that went any more, and none will. Of one that
    /// came back meanwhile there is nothing to note.
    async fn drained(&self, context: &WriteContext, tag: &Tag) -> Result<()>;
}

/// A tag goes, and another one stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// What is left of it.
    pub alias: Alias,
    /// True when the counter of its own list said that posts lie there.
    pub was_counted: bool,
    /// True when the counter of the other one's own list said so.
    pub is_counted: bool,
    /// True when the other one went before, with nothing left in its list, and comes back.
    pub comes_back: bool,
}

/// How many published posts lie in lists of tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// What counters say, by the tag in lower case.
    pub counters: BTreeMap<String, i64>,
    /// What traces whose moment has come add.
    pub due: BTreeMap<String, i64>,
}

impl Counts {
    /// How many lie in these lists together.
    #[must_use]
    pub fn posts(&self, lists: &[String]) -> u64 {
        let of = |list| {
            let counts = [self.counters.get(list), self.due.get(list)];
            counts.into_iter().flatten().sum::<i64>()
        };
        u64::try_from(lists.iter().map(of).sum::<i64>()).unwrap_or_default()
    }

    /// True when the counter of a list says that posts lie in it.
    #[must_use]
    pub fn is_counted(&self, list: &str) -> bool {
        self.counters.get(list).is_some_and(|posts| *posts > 0)
    }
}
