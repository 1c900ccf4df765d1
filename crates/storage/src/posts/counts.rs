//! How many published posts there are of a category and of a tag. What a write changes is counted
//! in its transaction; what time will change is noted as a trace of the moment at which it will.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    act::Act,
    posts::{Live, Post},
    values::{CategoryId, PostId, Timestamp},
};

use super::changes::{Change, Refusal};
use crate::{
    item::{EntityType, Item, encode},
    keys::{self, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// More counters than this are not changed by the transaction that changes the post: it has to stay
/// below DynamoDB's 100 items. It leaves a trace instead, which counts from that moment on.
const MOST_AT_ONCE: usize = 16;

/// Changes of counters.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    #[serde(default, rename = "c", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) categories: BTreeMap<CategoryId, i64>,
    /// By the tag in lower case.
    #[serde(default, rename = "t", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, i64>,
}

/// What lies about of a post.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TraceRecord {
    /// What is to be counted from its moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<Counts>,
}

impl Counts {
    /// Every list that names something public is one more; every other one less.
    fn between(was: Option<&Live>, is: Option<&Live>) -> Self {
        let mut counts = Self::default();
        for (live, by) in [(was, -1), (is, 1)] {
            let Some(live) = live else { continue };
            for id in &live.category_ids {
                *counts.categories.entry(*id).or_default() += by;
            }
            for tag in &live.tags {
                *counts.tags.entry(tag.folded()).or_default() += by;
            }
        }
        counts.categories.retain(|_, by| *by != 0);
        counts.tags.retain(|_, by| *by != 0);
        counts
    }

    fn len(&self) -> usize {
        self.categories.len() + self.tags.len()
    }

    /// True when the transaction that changes the post can change them.
    fn fits(&self) -> bool {
        self.len() <= MOST_AT_ONCE
    }

    /// None when nothing changes.
    fn some(self) -> Option<Self> {
        Some(self).filter(|counts| counts.len() > 0)
    }

    /// Makes the changes part of a transaction, which is refused when a post came under a tag that
    /// went, if there is a `refusal`.
    pub(super) fn write<R>(
        &self,
        change: &mut UnitOfWork<'_, R>,
        refusal: Option<fn() -> R>,
    ) -> Result<()> {
        for (id, by) in &self.categories {
            let key = keys::category_count(*id);
            change.count(Table::Taxonomy, key, EntityType::CategoryCount, *by)?;
        }
        for (tag, by) in &self.tags {
            let (table, key, entity) =
                (Table::Taxonomy, keys::tag_count(tag), EntityType::TagCount);
            match refusal.filter(|_| *by > 0) {
                None => change.count(table, key, entity, *by)?,
                Some(refusal) => {
                    let there = Condition::new("attribute_not_exists(retired)", []);
                    change.count_if(table, key, (entity, *by), there, refusal())?;
                }
            }
        }
        Ok(())
    }
}

/// What a write changes at once, and what it changes of the plan.
pub(super) fn write(
    change: &mut Change<'_>,
    act: &Act,
    before: Option<&Post>,
    after: &Post,
) -> Result<()> {
    let id = after.standing.id;
    let now = of_write(before, after);
    if now.fits() {
        now.write(change, Some(|| Refusal::OldTree))?;
    } else {
        leave(change, (act.at, id, Some(act.id)), now.some())?;
    }
    let (had, has) = (before.map(planned).unwrap_or_default(), planned(after));
    for (at, counts) in &has {
        match had.get(at) {
            Some(before) if before == counts => {}
            Some(_) => {
                // Once it is cleared away its time has come, and the post stands otherwise.
                let item = trace((*at, id, None), Some(counts.clone()))?;
                change.put_if(Table::Taxonomy, item, Condition::PRESENT, Refusal::Stale)?;
            }
            None => leave(change, (*at, id, None), Some(counts.clone()))?,
        }
    }
    for at in had.keys().filter(|at| !has.contains_key(at)) {
        let key = keys::trace(*at, id, None);
        change.remove_if(Table::Taxonomy, key, Condition::PRESENT, Refusal::Stale)?;
    }
    Ok(())
}

/// What a write changes at once.
fn of_write(before: Option<&Post>, after: &Post) -> Counts {
    let was = before.and_then(|post| post.standing.status.listed());
    Counts::between(was, after.standing.status.listed())
}

/// True when the transaction of a write raises the counter of a tag, which refuses it when the tag
/// went.
pub(super) fn asks_counter(before: Option<&Post>, after: &Post) -> impl Fn(&str) -> bool {
    let counts = of_write(before, after);
    move |tag| counts.fits() && counts.tags.get(tag).is_some_and(|by| *by > 0)
}

/// Notes once more what time will change.
pub(super) fn write_plan<R>(change: &mut UnitOfWork<'_, R>, post: &Post) -> Result<()> {
    for (at, counts) in planned(post) {
        leave(change, (at, post.standing.id, None), Some(counts))?;
    }
    Ok(())
}

/// What time will change, by the moment at which it will.
pub(crate) fn planned(post: &Post) -> BTreeMap<Timestamp, Counts> {
    let status = &post.standing.status;
    let mut counted = status.listed();
    let mut planned = BTreeMap::new();
    if status.next_change().is_none() {
        return planned;
    }
    for phase in status.phases() {
        if Some(phase.what) != counted {
            let counts = Counts::between(counted, Some(phase.what));
            planned.insert(phase.span.from, counts);
        }
        counted = Some(phase.what);
        if let Some(until) = phase.span.until {
            planned.insert(until, Counts::between(counted, None));
        }
    }
    planned
}

/// Leaves a trace, which holds what is to be counted.
pub(super) fn leave<R>(
    change: &mut UnitOfWork<'_, R>,
    place: (Timestamp, PostId, Option<uuid::Uuid>),
    counts: Option<Counts>,
) -> Result<()> {
    change.put(Table::Taxonomy, trace(place, counts)?)
}

fn trace(
    (at, id, mark): (Timestamp, PostId, Option<uuid::Uuid>),
    counts: Option<Counts>,
) -> Result<crate::item::Attributes> {
    let record = TraceRecord { counts };
    encode(Item::new(
        keys::trace(at, id, mark),
        EntityType::Trace,
        record,
    ))
}
