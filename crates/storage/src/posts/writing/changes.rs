use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    posts::{IdempotencyRecord, LiveCopy, MergedFrom, Post, PostState, change_times},
    taxonomy::Tree,
    writes::{WriteContext, WriteOutcome},
};

use super::{
    PostRefusal, PostTransaction, PostWrite, counts, missing_image_notes,
    names::{held_names, write_claims, write_names},
    references::require_references,
    refusal::explain,
    rows::{rows, write_rows},
    text::write_text,
    translations,
};
use crate::{
    dynamo::Dynamo,
    item::encode,
    keys::{self, AuditSubject, Table},
    posts::{
        history,
        items::{change_items, copy_chunks, pack, post_item},
    },
    unit_of_work::{Condition, UnitOfWork},
};

/// Writes `after` if the stored post equals `before`.
pub(super) async fn commit(
    dynamo: &Dynamo,
    write: PostWrite<'_>,
    tree: &Tree,
) -> Result<WriteOutcome> {
    let PostWrite { context, after, .. } = write;
    let state = &after.state;
    let copies = pack(dynamo, context, after, write.copies).await?;
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(state.id));
    change.prepared(copy_chunks(state.id, &copies));
    change.audit(state.version, state.revision);
    if write.is_review() {
        change.audit_note(state.review_note.clone());
    }
    remember_state(&mut change, context, state, merged_from(&write))?;
    write_post(&mut change, &write)?;
    history::write_revision(&mut change, &write)?;
    history::mark_published(&mut change, &write)?;
    write_claims(&mut change, &write, &copies)?;
    write_names(&mut change, &write)?;
    translations::write(&mut change, &write)?;
    write_rows(&mut change, &write)?;
    counts::write(&mut change, &write)?;
    write_changes(&mut change, &write)?;
    require_references(&mut change, &write, tree)?;
    write_text(dynamo, &mut change, &write).await?;
    missing_image_notes::write(dynamo, &mut change, &write).await?;
    let outcome = change.commit().await?;
    outcome.or_explain(|failed| explain(context, failed))
}

/// Deletes a post and everything derived from it. A cleanup deletes its history later.
pub(super) async fn remove(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
) -> Result<WriteOutcome> {
    let id = post.state.id;
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(id));
    let condition = as_found(&post.state);
    change.remove_if(Table::Posts, keys::post(id), condition, PostRefusal::Stale)?;
    for address in post.claims().into_keys() {
        change.remove(Table::Posts, keys::claim(address))?;
    }
    for name in held_names(post) {
        change.remove(Table::Posts, keys::name(&name))?;
    }
    translations::release(&mut change, post)?;
    for row in rows(post).into_keys() {
        change.remove(Table::Posts, row)?;
    }
    counts::schedule_now(&mut change, context, id, None)?;
    let outcome = change.commit().await?;
    outcome.or_explain(|failed| explain(context, failed))
}

/// Writes all items derived from a post again, if the post does not change. Keeps the stored live
/// copies if `copies` is empty.
pub(crate) async fn rewrite(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<WriteOutcome> {
    let id = post.state.id;
    let packed = pack(dynamo, context, post, copies).await?;
    let write = PostWrite::publication(context, None, post, copies);
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(id));
    change.prepared(copy_chunks(id, &packed));
    let unchanged = as_found(&post.state);
    change.require_if(Table::Posts, keys::post(id), unchanged, PostRefusal::Stale)?;
    write_claims(&mut change, &write, &packed)?;
    write_names(&mut change, &write)?;
    translations::hold(&mut change, post)?;
    write_rows(&mut change, &write)?;
    counts::write_planned(&mut change, post)?;
    let outcome = change.commit().await?;
    outcome.or_explain(|failed| explain(context, failed))
}

/// Releases the names that an earlier version reserved for a post.
pub(crate) async fn release_reserved_names(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
) -> Result<WriteOutcome> {
    let released = post.clone().without_reserved_names();
    let write = PostWrite::publication(context, Some(post), &released, &[]);
    commit(dynamo, write, &Tree::default()).await
}

/// Records a write that changes nothing under its idempotency key, if the stored post equals `post`.
pub(super) async fn remember(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
    merged: Option<MergedFrom>,
) -> Result<WriteOutcome> {
    let state = &post.state;
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(state.id));
    change.audit(state.version, state.revision);
    remember_state(&mut change, context, state, merged)?;
    let condition = as_found(state);
    change.require_if(Table::Posts, keys::post(state.id), condition, ())?;
    change.commit_or_conflict().await
}

fn remember_state<R>(
    change: &mut UnitOfWork<'_, R>,
    context: &WriteContext,
    state: &PostState,
    merged: Option<MergedFrom>,
) -> Result<()> {
    let Some(request) = &context.idempotency else {
        return Ok(());
    };
    change.remember(IdempotencyRecord {
        request_digest: request.request_digest.clone(),
        state: state.clone(),
        merged,
    })
}

/// The revisions that a save merged, if it did.
fn merged_from(write: &PostWrite<'_>) -> Option<MergedFrom> {
    let (base, theirs) = (write.saved?.merged_from?, write.before?.state.revision);
    Some(MergedFrom { base, theirs })
}

/// Records when the public side of the post changes.
fn write_changes(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let now = write.context.at;
    // A copy that the write keeps has an earlier time.
    let first = write.copies.first();
    let republished = first.is_some_and(|copy| copy.summary.updated_at >= now);
    let times = change_times(write.before, write.after, republished, now);
    for item in change_items(write.after.state.id, times)? {
        change.put(Table::Site, item)?;
    }
    Ok(())
}

fn write_post(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let item = encode(post_item(write.context, write.after))?;
    let condition = write
        .before
        .map_or(Condition::ABSENT, |before| as_found(&before.state));
    change.put_if(Table::Posts, item, condition, PostRefusal::Stale)
}

/// Condition: the post has not changed since it was read, neither by an edit nor by a relocation.
pub(crate) fn as_found(state: &PostState) -> Condition {
    let number = |n: u64| AttributeValue::N(n.to_string());
    let version = (":version", number(state.version.0));
    match state.relocations {
        0 => Condition::new(
            "version = :version AND attribute_not_exists(refilings)",
            [version],
        ),
        n => Condition::new(
            "version = :version AND refilings = :refilings",
            [version, (":refilings", number(n))],
        ),
    }
}
