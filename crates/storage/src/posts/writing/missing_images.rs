//! Markers of live copies that lack an image, and the replacement of such copies.

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    posts::{ChangeTimes, ClaimState, LiveCopy, Post},
    values::{PostId, SourcePath},
    writes::{WriteContext, WriteOutcome},
};

use super::changes::as_found;
use crate::{
    dynamo::{Dynamo, KeyRange, RangeQuery},
    item::{Item, decode},
    keys::{self, AuditSubject, Table},
    posts::{
        HolderRecord,
        items::{change_items, claim_item, copy_chunks, pack},
    },
    unit_of_work::UnitOfWork,
};

/// Maximum number of posts that one upload updates. The other posts keep their markers until the
/// next upload of the same file.
const MAX_POSTS: usize = 100;

pub(super) async fn remove(dynamo: &Dynamo, id: PostId, path: &SourcePath) -> Result<()> {
    dynamo
        .remove(Table::Posts, keys::waiting_post(path, id))
        .await
}

pub(super) async fn find(dynamo: &Dynamo, path: &SourcePath) -> Result<Vec<PostId>> {
    let range = KeyRange::Below(keys::end_of_references());
    let query = RangeQuery::first(keys::waiting_posts(path), range, MAX_POSTS);
    let notes = dynamo.query(Table::Posts, query).await?;
    let post = |note| decode::<Item<HolderRecord>>(note).map(|item| item.body.post_id);
    notes.into_iter().map(post).collect()
}

/// Replaces the live copies if the post has not changed.
pub(super) async fn replace_live_copies(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<WriteOutcome> {
    let id = post.state.id;
    let packed = pack(dynamo, context, post, copies).await?;
    let mut change = UnitOfWork::new(dynamo, context, AuditSubject::Post(id));
    change.prepared(copy_chunks(id, &packed));
    let unchanged = as_found(&post.state);
    change.require_if(Table::Posts, keys::post(id), unchanged, ())?;
    for (address, state) in post.claims() {
        if matches!(state, ClaimState::Public { .. } | ClaimState::Archived) {
            change.put(Table::Posts, claim_item(address, id, &state, &packed)?)?;
        }
    }
    if post.live().is_some() {
        let now = ChangeTimes::from([(context.at, BTreeSet::new())]);
        for item in change_items(id, now)? {
            change.put(Table::Site, item)?;
        }
    }
    change.commit_or_conflict().await
}
