//! What time has ended of a post, or a removal left behind, and how it is cleared away.

use tintero_domain::{
    Error, Result,
    act::Act,
    posts::{Post, Trace},
    values::{PostId, Timestamp},
};

use super::{changes::as_found, counts::TraceRecord, post_record, rows::rows};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, Item, decode, key_of},
    keys::{self, Key, Subject, Table},
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

/// Most items of a removed post that one request reads.
const SWATH: usize = 100;

/// The oldest traces up to a moment.
pub(super) async fn find(dynamo: &Dynamo, now: Timestamp, limit: usize) -> Result<Vec<Trace>> {
    oldest(dynamo, keys::traces(now), limit, Consistency::Strong).await
}

/// The first moment for which something is planned.
pub(super) async fn next(dynamo: &Dynamo, now: Timestamp) -> Result<Option<Timestamp>> {
    let next = oldest(dynamo, keys::later_traces(now), 1, Consistency::Eventual).await?;
    Ok(next.first().map(|trace| trace.since))
}

/// True when the housekeeping will still come to clear away something of this post.
pub(crate) async fn wait_for(dynamo: &Dynamo, id: PostId, now: Timestamp) -> Result<bool> {
    let due = oldest(dynamo, keys::traces(now), usize::MAX, Consistency::Strong).await?;
    Ok(due.iter().any(|trace| trace.post == id))
}

async fn oldest(
    dynamo: &Dynamo,
    (pk, ends): (String, [String; 2]),
    limit: usize,
    consistency: Consistency,
) -> Result<Vec<Trace>> {
    let stretch = Stretch {
        index: None,
        pk,
        range: Range::Rising(ends),
        limit,
        consistency,
    };
    let items = dynamo.query(Table::Taxonomy, stretch).await?;
    let trace = |item: Attributes| {
        let Item { sk, .. } = decode::<Item<TraceRecord>>(item)?;
        let read = keys::read_trace(&sk).ok_or_else(|| Error::Corrupt {
            what: format!("trace {sk}"),
            source: "its key says nothing".into(),
        })?;
        let (since, post, mark) = read;
        Ok(Trace { post, since, mark })
    };
    items.into_iter().map(trace).collect()
}

/// Counts what is to be counted, then clears the rest away: two transactions, because together
/// they could be too large. True when nothing is left.
pub(super) async fn clear(
    dynamo: &Dynamo,
    act: &Act,
    trace: &Trace,
    post: Option<&Post>,
) -> Result<bool> {
    let key = keys::trace(trace.since, trace.post, trace.mark);
    let read = dynamo.get::<Item<TraceRecord>>(Table::Taxonomy, key.clone(), Consistency::Strong);
    let Some(Item { body: record, .. }) = read.await? else {
        return Ok(true);
    };
    if let Some(counts) = record.counts {
        let mut change = UnitOfWork::new(dynamo, act, Subject::Post(trace.post));
        let uncounted = Condition::new("attribute_exists(counts)", []);
        let table = Table::Taxonomy;
        change.update_if(table, key, "REMOVE counts", uncounted, ())?;
        // They are of rows that are there, whatever became of their list.
        counts.write(&mut change, None)?;
        // The next attempt, which is another act, goes on from here.
        return done(change).await.map(|_| false);
    }
    if let Some(post) = post {
        return done(rows_and_shelf(dynamo, act, key, post)?).await;
    }
    leftovers(dynamo, trace.post).await?;
    dynamo.remove_note(Table::Taxonomy, key).await?;
    Ok(true)
}

/// Takes back the rows in which the post stands no more, and puts it on the shelf of its status.
fn rows_and_shelf<'a>(
    dynamo: &'a Dynamo,
    act: &'a Act,
    trace: Key,
    post: &Post,
) -> Result<UnitOfWork<'a, ()>> {
    let (id, standing) = (post.standing.id, &post.standing);
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(id));
    let shelf = post_record::shelf(&standing.status);
    let state = keys::state(shelf);
    let owner = keys::owner_state(standing.owner_id, shelf);
    let unchanged = as_found(standing)
        .with(":state", &state)
        .with(":owner", &owner);
    let moved = "SET state_key = :state, owner_key = :owner";
    change.update_if(Table::Posts, keys::post(id), moved, unchanged, ())?;
    for (row, phases) in rows(post) {
        if phases.is_empty() {
            change.remove(Table::Posts, row)?;
        }
    }
    change.remove(Table::Taxonomy, trace)?;
    Ok(change)
}

/// Removes what a removed post left: its history.
async fn leftovers(dynamo: &Dynamo, id: PostId) -> Result<()> {
    loop {
        let (pk, end) = keys::all_of_post(id);
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Below(end),
            limit: SWATH,
            consistency: Consistency::Strong,
        };
        let items = dynamo.query(Table::Posts, stretch).await?;
        if items.is_empty() {
            return Ok(());
        }
        let keys = items.iter().filter_map(key_of).collect();
        dynamo.remove_many(Table::Posts, keys).await?;
    }
}

async fn done(change: UnitOfWork<'_, ()>) -> Result<bool> {
    match change.commit(None).await? {
        Outcome::Done => Ok(true),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(_) => Ok(false),
    }
}
