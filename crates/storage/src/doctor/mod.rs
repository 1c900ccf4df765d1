//! Whether the tables hold together: every rule between items, looked at from both sides, and put
//! right where that loses nothing.
//!
//! `posts` asks of each post whether everything is there that follows from it; `strays` asks of
//! each other item whether its post knows of it; `counts` counts; `taxonomy` looks at slugs, `aliases`
//! at tags that went; the others are each about what they are called. All of it works beside a
//! running server: what looks wrong is looked at once more before it is told.

mod aliases;
mod chart;
mod counts;
mod expected;
mod finding;
mod image_repair;
mod images;
mod operations;
mod posts;
mod redirects;
mod repair;
mod seen;
mod strays;
mod taxonomy;
mod translations;

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::Arc,
};

use tintero_domain::{
    Result,
    clock::{Clock, Ids},
    values::{PostId, Timestamp},
};

pub use self::finding::{Finding, Rule};
use self::seen::Seen;
use crate::{
    dynamo::Dynamo,
    item::{Attributes, key_of},
    keys::{self, Key, Table},
};

/// Examines an installation's tables.
#[derive(Clone)]
pub struct Doctor {
    dynamo: Dynamo,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// What an examination found.
#[derive(Debug, Default)]
pub struct Examination {
    /// How many posts were looked at.
    pub posts: usize,
    /// How many items were.
    pub items: usize,
    /// What breaks a rule, each once.
    pub findings: BTreeSet<Finding>,
}

/// How many findings were put right, and which were not.
#[derive(Debug, Default)]
pub struct Repair {
    /// How many were.
    pub repaired: usize,
    /// Those that nothing puts right without losing something.
    pub left: Vec<Finding>,
}

/// What one look at an item is about.
struct Look<'a> {
    dynamo: &'a Dynamo,
    now: Timestamp,
}

/// A look that is being taken.
type Looking<'a> = Pin<Box<dyn Future<Output = Result<BTreeSet<Finding>>> + Send + 'a>>;

impl Doctor {
    /// Over an installation's tables.
    #[must_use]
    pub fn new(dynamo: Dynamo, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { dynamo, clock, ids }
    }

    /// Looks at every item once; `progress` is told how many so far.
    ///
    /// # Errors
    /// [`Unavailable`](tintero_domain::Error::Unavailable) when the store cannot answer,
    /// [`Corrupt`](tintero_domain::Error::Corrupt) when an item cannot be read at all.
    pub async fn examine(&self, progress: impl Fn(usize)) -> Result<Examination> {
        let mut examination = Examination::default();
        let seen = self.posts(&mut examination, &progress).await?;
        self.images(&mut examination, &progress).await?;
        let look = self.look();
        let mut found = BTreeSet::new();
        found.extend(look.counts(&seen.tags).await?);
        found.extend(look.slugs().await?);
        found.extend(look.aliases().await?);
        found.extend(twice(|| Box::pin(look.translations(&seen.translated))).await?);
        found.extend(twice(|| Box::pin(look.redirects(&seen.redirects))).await?);
        found.extend(twice(|| Box::pin(look.operations())).await?);
        examination.findings.extend(found);
        Ok(examination)
    }

    /// Looks at the table of posts, and notes what can be compared only now.
    async fn posts(&self, examination: &mut Examination, progress: impl Fn(usize)) -> Result<Seen> {
        let (mut start, mut seen) = (None, Seen::default());
        loop {
            let (items, next) = self.dynamo.scan(Table::Posts, start).await?;
            examination.items += items.len();
            for item in &items {
                seen.note(item);
            }
            let look = self.look();
            let owned = by_post(items);
            for (id, keys) in owned {
                examination.posts += usize::from(keys.contains(&keys::post(id)));
                let found = look.post(id, keys).await?;
                examination.findings.extend(found);
            }
            progress(examination.items);
            start = next;
            if start.is_none() {
                return Ok(seen);
            }
        }
    }

    async fn images(&self, examination: &mut Examination, progress: impl Fn(usize)) -> Result<()> {
        let mut start = None;
        loop {
            let (items, next) = self.dynamo.scan(Table::Images, start).await?;
            examination.items += items.len();
            let look = self.look();
            let found = twice(|| Box::pin(look.images(&items))).await?;
            examination.findings.extend(found);
            progress(examination.items);
            start = next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// A look at this moment.
    fn look(&self) -> Look<'_> {
        Look {
            dynamo: &self.dynamo,
            now: self.clock.now(),
        }
    }

    /// Puts right what can be put right.
    ///
    /// # Errors
    /// As [`examine`](Self::examine). What was repaired before stays so.
    pub async fn repair(&self, findings: BTreeSet<Finding>) -> Result<Repair> {
        let mut repair = Repair::default();
        for finding in findings {
            if self.cure(&finding).await? {
                repair.repaired += 1;
            } else {
                repair.left.push(finding);
            }
        }
        Ok(repair)
    }
}

/// What two looks find in the same words: what was written between two reads of one is in order.
async fn twice<'a>(look: impl Fn() -> Looking<'a>) -> Result<BTreeSet<Finding>> {
    let found = look().await?;
    if found.is_empty() {
        return Ok(found);
    }
    Ok(&found & &look().await?)
}

/// The keys of items, by the post that they belong to.
fn by_post(items: Vec<Attributes>) -> BTreeMap<PostId, BTreeSet<Key>> {
    let mut owned: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for item in items {
        if let (Some(id), Some(key)) = (strays::owner(&item), key_of(&item)) {
            owned.entry(id).or_default().insert(key);
        }
    }
    owned
}
