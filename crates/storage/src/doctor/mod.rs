//! Whether the tables hold together: every rule between items, looked at from both sides, and put
//! right where that loses nothing.
//!
//! `posts` asks of each post whether everything is there that follows from it; `strays` asks of
//! each other item whether its post knows of it; `counts` counts; `taxonomy` looks at slugs, `aliases`
//! at tags that went. All of it works beside a running server: what looks wrong is looked at once more before it is told.

mod aliases;
mod chart;
mod counts;
mod expected;
mod finding;
mod posts;
mod repair;
mod strays;
mod taxonomy;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tintero_domain::{
    Result,
    clock::{Clock, Ids},
    values::{PostId, Timestamp},
};

pub use self::finding::{Finding, Rule};
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
        let (mut start, mut tags) = (None, BTreeSet::new());
        loop {
            let (items, next) = self.dynamo.scan(Table::Posts, start).await?;
            examination.items += items.len();
            tags.extend(
                items
                    .iter()
                    .filter_map(key_of)
                    .filter_map(|key| keys::tag_of(&key.pk)),
            );
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
                break;
            }
        }
        examination
            .findings
            .extend(self.look().counts(&tags).await?);
        examination.findings.extend(self.look().slugs().await?);
        examination.findings.extend(self.look().aliases().await?);
        Ok(examination)
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
