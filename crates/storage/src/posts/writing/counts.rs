//! Counts published posts of categories, tags and bylines. The transaction of a write makes the changes that
//! the write causes now. A pending cleanup holds the changes that a scheduled time causes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    posts::{Live, PendingCleanup, Post},
    values::{BylineId, CategoryId, PostId, Timestamp},
    writes::WriteContext,
};

use super::{PostRefusal, PostTransaction, PostWrite};
use crate::{
    counters::Counter,
    item::{Attributes, EntityType, Item, encode},
    keys::{self, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Maximum number of counters that the transaction of a post changes, so that it stays below
/// DynamoDB's limit of 100 items. More changes are left to a cleanup that is due immediately.
const MAX_COUNTERS: usize = 16;

/// Changes of counters.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CounterChanges {
    #[serde(default, rename = "c", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) categories: BTreeMap<CategoryId, i64>,
    /// Keys are tags in lower case.
    #[serde(default, rename = "t", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, i64>,
    #[serde(default, rename = "b", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) bylines: BTreeMap<BylineId, i64>,
}

/// A pending cleanup.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CleanupRecord {
    /// Changes that apply from the time of the cleanup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<CounterChanges>,
}

impl CounterChanges {
    /// The changes if `is` replaces `was` in the lists.
    fn between(was: Option<&Live>, is: Option<&Live>) -> Self {
        let mut changes = Self::default();
        for (live, by) in [(was, -1), (is, 1)] {
            let Some(live) = live else { continue };
            for id in &live.category_ids {
                *changes.categories.entry(*id).or_default() += by;
            }
            for tag in &live.tags {
                *changes.tags.entry(tag.folded()).or_default() += by;
            }
            for id in &live.byline_ids {
                *changes.bylines.entry(*id).or_default() += by;
            }
        }
        changes.categories.retain(|_, by| *by != 0);
        changes.tags.retain(|_, by| *by != 0);
        changes.bylines.retain(|_, by| *by != 0);
        changes
    }

    fn of_write(before: Option<&Post>, after: &Post) -> Self {
        let was = before.and_then(|post| post.state.status.listed());
        Self::between(was, after.state.status.listed())
    }

    fn len(&self) -> usize {
        self.categories.len() + self.tags.len() + self.bylines.len()
    }

    fn fits_transaction(&self) -> bool {
        self.len() <= MAX_COUNTERS
    }

    /// Adds the changes to a transaction. With `refusal`, a change that adds a post to a retired tag
    /// fails.
    pub(super) fn write<R>(
        &self,
        change: &mut UnitOfWork<'_, R>,
        refusal: Option<fn() -> R>,
    ) -> Result<()> {
        for (id, by) in &self.categories {
            change.count(Counter::category(*id), *by)?;
        }
        for (id, by) in &self.bylines {
            change.count(Counter::byline(*id), *by)?;
        }
        for (tag, by) in &self.tags {
            let counter = Counter::tag(tag);
            match refusal.filter(|_| *by > 0) {
                None => change.count(counter, *by)?,
                Some(refusal) => {
                    let unretired = Condition::new("attribute_not_exists(retired)", []);
                    change.count_if(counter, *by, unretired, refusal())?;
                }
            }
        }
        Ok(())
    }
}

/// Applies the changes that a write causes now, and updates the pending cleanups of the post.
pub(super) fn write(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let PostWrite { before, after, .. } = *write;
    let id = after.state.id;
    let now = CounterChanges::of_write(before, after);
    if now.fits_transaction() {
        now.write(change, Some(|| PostRefusal::OldTree))?;
    } else {
        schedule_now(change, write.context, id, Some(now))?;
    }
    let (had, has) = (before.map(planned).unwrap_or_default(), planned(after));
    for (at, changes) in &has {
        let item = item(&scheduled(id, *at), Some(changes.clone()))?;
        match had.get(at) {
            Some(before) if before == changes => {}
            // An executed cleanup means that its time has passed and the post has changed.
            Some(_) => change.put_if(Table::Taxonomy, item, uncounted(), PostRefusal::Stale)?,
            None => change.put(Table::Taxonomy, item)?,
        }
    }
    for at in had.keys().filter(|at| !has.contains_key(at)) {
        let key = keys::cleanup(*at, id, None);
        change.remove_if(Table::Taxonomy, key, uncounted(), PostRefusal::Stale)?;
    }
    Ok(())
}

/// Condition: a pending cleanup exists and its changes are not counted yet.
pub(super) fn uncounted() -> Condition {
    Condition::new("attribute_exists(counts)", [])
}

/// Returns whether the transaction of a write increments the counter of a tag. It then fails if the
/// tag is retired.
pub(super) fn checks_counter(before: Option<&Post>, after: &Post) -> impl Fn(&str) -> bool {
    let changes = CounterChanges::of_write(before, after);
    move |tag| changes.fits_transaction() && changes.tags.get(tag).is_some_and(|by| *by > 0)
}

/// Writes the pending cleanups of a post again.
pub(super) fn write_planned<R>(change: &mut UnitOfWork<'_, R>, post: &Post) -> Result<()> {
    for (at, changes) in planned(post) {
        let item = item(&scheduled(post.state.id, at), Some(changes))?;
        change.put(Table::Taxonomy, item)?;
    }
    Ok(())
}

/// Adds a cleanup that is due immediately.
pub(super) fn schedule_now<R>(
    change: &mut UnitOfWork<'_, R>,
    context: &WriteContext,
    post: PostId,
    counts: Option<CounterChanges>,
) -> Result<()> {
    let cleanup = PendingCleanup {
        post,
        since: context.at,
        mark: Some(context.id),
    };
    change.put(Table::Taxonomy, item(&cleanup, counts)?)
}

/// The changes that scheduled times cause.
pub(crate) fn planned(post: &Post) -> BTreeMap<Timestamp, CounterChanges> {
    let status = &post.state.status;
    let mut counted = status.listed();
    let mut planned = BTreeMap::new();
    if status.next_change().is_none() {
        return planned;
    }
    for phase in status.phases() {
        if Some(phase.value) != counted {
            let changes = CounterChanges::between(counted, Some(phase.value));
            planned.insert(phase.span.from, changes);
        }
        counted = Some(phase.value);
        if let Some(until) = phase.span.until {
            planned.insert(until, CounterChanges::between(counted, None));
        }
    }
    planned
}

fn scheduled(post: PostId, since: Timestamp) -> PendingCleanup {
    PendingCleanup {
        post,
        since,
        mark: None,
    }
}

fn item(cleanup: &PendingCleanup, counts: Option<CounterChanges>) -> Result<Attributes> {
    let key = keys::cleanup(cleanup.since, cleanup.post, cleanup.mark);
    let record = CleanupRecord { counts };
    encode(Item::new(key, EntityType::PendingCleanup, record))
}
