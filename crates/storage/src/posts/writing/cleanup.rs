//! Pending cleanups: work that remains after a scheduled time has passed or a post was deleted.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, Result,
    posts::{PendingCleanup, Post},
    values::{PostId, Timestamp},
    writes::WriteContext,
};

use super::{
    changes::as_found,
    counts::{CleanupRecord, uncounted},
    rows::rows,
};
use crate::{
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{Attributes, Item, decode, key_of},
    keys::{self, AuditSubject, ItemKey, Table},
    posts::items::partition,
    unit_of_work::{Condition, UnitOfWork},
};

/// Items of a deleted post that one request reads.
const PAGE: usize = 100;

/// Returns the oldest cleanups that are due at `now`.
pub(super) async fn find(
    dynamo: &Dynamo,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<PendingCleanup>> {
    let (pk, ends) = keys::due_cleanups(now);
    let query = RangeQuery::first(pk, KeyRange::Ascending(ends), limit);
    oldest(dynamo, query).await
}

/// Returns the first scheduled time after `now`. Eventually consistent.
pub(super) async fn next(dynamo: &Dynamo, now: Timestamp) -> Result<Option<Timestamp>> {
    let (pk, ends) = keys::planned_cleanups(now);
    let query = RangeQuery {
        consistency: Consistency::Eventual,
        ..RangeQuery::first(pk, KeyRange::Ascending(ends), 1)
    };
    let next = oldest(dynamo, query).await?;
    Ok(next.first().map(|cleanup| cleanup.since))
}

/// Whether a cleanup of this post is due.
pub(crate) async fn is_awaiting_cleanup(
    dynamo: &Dynamo,
    id: PostId,
    now: Timestamp,
) -> Result<bool> {
    let due = find(dynamo, now, usize::MAX).await?;
    Ok(due.iter().any(|cleanup| cleanup.post == id))
}

async fn oldest(dynamo: &Dynamo, query: RangeQuery) -> Result<Vec<PendingCleanup>> {
    let items = dynamo.query(Table::Taxonomy, query).await?;
    let cleanup = |item: Attributes| {
        let Item { sk, .. } = decode::<Item<CleanupRecord>>(item)?;
        let parsed = keys::parse_cleanup(&sk).ok_or_else(|| Error::Corrupt {
            what: format!("cleanup {sk}"),
            source: "its key cannot be parsed".into(),
        })?;
        let (since, post, mark) = parsed;
        Ok(PendingCleanup { post, since, mark })
    };
    items.into_iter().map(cleanup).collect()
}

/// Executes one step of a cleanup. Counters and items change in separate transactions, because one
/// could be too large. Returns whether the cleanup is complete.
pub(super) async fn run(
    dynamo: &Dynamo,
    context: &WriteContext,
    cleanup: &PendingCleanup,
    post: Option<&Post>,
) -> Result<bool> {
    let key = keys::cleanup(cleanup.since, cleanup.post, cleanup.mark);
    let read = dynamo.find(Table::Taxonomy, key.clone(), Consistency::Strong);
    let Some(CleanupRecord { counts }) = read.await? else {
        return Ok(true);
    };
    if let Some(counts) = counts {
        let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(cleanup.post));
        change.update_if(Table::Taxonomy, key, "REMOVE counts", uncounted(), ())?;
        // The rows exist, so they are counted even if their tag was retired.
        counts.write(&mut change, None)?;
        if let Some(post) = post {
            // A server with a slower clock must not write the post as of an earlier time.
            let settled = settled(post, context);
            change.update_if(Table::Posts, keys::post(cleanup.post), SETTLE, settled, ())?;
        }
        // Another writer may have applied the same changes.
        let _ = change.commit().await?;
        // A further call executes the rest with a write of its own.
        return Ok(false);
    }
    if let Some(post) = post {
        let change = remove_ended(dynamo, context, key, post)?;
        return Ok(change.commit().await?.is_committed());
    }
    remove_all_items(dynamo, cleanup.post).await?;
    dynamo.remove(Table::Taxonomy, key).await?;
    Ok(true)
}

/// Records that scheduled changes up to the time of the write are applied.
const SETTLE: &str = "SET settled_at = :settled";

/// Condition: the post has not changed; with the value of [`SETTLE`].
fn settled(post: &Post, context: &WriteContext) -> Condition {
    let at = post
        .state
        .settled_at
        .map_or(context.at, |at| context.at.not_before(at));
    as_found(&post.state).with([(":settled", AttributeValue::S(at.to_string()))])
}

/// Deletes the rows of ended phases and moves the post to the partition of its present status.
fn remove_ended<'a>(
    dynamo: &'a Dynamo,
    context: &'a WriteContext,
    cleanup: ItemKey,
    post: &Post,
) -> Result<UnitOfWork<'a, ()>> {
    let (id, state) = (post.state.id, &post.state);
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(id));
    let partition = partition(&state.status);
    let owner = keys::owner_state(state.owner_id, partition);
    let unchanged = settled(post, context).with([
        (":state", AttributeValue::S(keys::state(partition))),
        (":owner", AttributeValue::S(owner)),
    ]);
    let moved = format!("{SETTLE}, state_key = :state, owner_key = :owner");
    change.update_if(Table::Posts, keys::post(id), &moved, unchanged, ())?;
    for (row, phases) in rows(post) {
        if phases.is_empty() {
            change.remove(Table::Posts, row)?;
        }
    }
    change.remove(Table::Taxonomy, cleanup)?;
    Ok(change)
}

async fn remove_all_items(dynamo: &Dynamo, id: PostId) -> Result<()> {
    loop {
        let (pk, end) = keys::all_of_post(id);
        let query = RangeQuery::first(pk, KeyRange::Below(end), PAGE);
        let items = dynamo.query(Table::Posts, query).await?;
        if items.is_empty() {
            return Ok(());
        }
        let keys = items.iter().filter_map(key_of).collect();
        dynamo.remove_many(Table::Posts, keys).await?;
    }
}
