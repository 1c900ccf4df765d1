//! Live copies that lack an image: notes of which, and the copy rendered again.

use std::collections::BTreeMap;

use tintero_domain::{
    Error, Result,
    act::Act,
    posts::{ClaimState, Commit, LiveCopy, Post},
    values::{PostId, SourcePath},
};

use super::{changes::as_found, live_copies, records};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{EntityType, Item, decode, encode},
    keys::{self, Subject, Table},
    unit_of_work::{Outcome, UnitOfWork},
};

/// Most posts that one image is brought into by its upload; the rest keep their notes, and the
/// next upload of the same file goes on.
const MOST: usize = 100;

pub(super) async fn begin(dynamo: &Dynamo, id: PostId, paths: &[SourcePath]) -> Result<()> {
    let note = |path| {
        let key = keys::waiting_post(path, id);
        encode(records::holder(key, EntityType::WaitingPost, id))
    };
    // Two spellings of one path have one note.
    let notes: BTreeMap<_, _> = paths.iter().map(|path| (path.folded(), path)).collect();
    let notes = notes.into_values().map(note).collect::<Result<_>>()?;
    dynamo.put_notes(Table::Posts, notes).await
}

pub(super) async fn end(dynamo: &Dynamo, id: PostId, path: &SourcePath) -> Result<()> {
    dynamo
        .remove_note(Table::Posts, keys::waiting_post(path, id))
        .await
}

pub(super) async fn posts(dynamo: &Dynamo, path: &SourcePath) -> Result<Vec<PostId>> {
    let stretch = Stretch {
        index: None,
        pk: keys::waiting_posts(path),
        range: Range::Below(keys::end_of_references()),
        limit: MOST,
        consistency: Consistency::Strong,
    };
    let notes = dynamo.query(Table::Posts, stretch).await?;
    notes
        .into_iter()
        .map(|note| decode::<Item<records::HolderRecord>>(note).map(|item| item.body.post_id))
        .collect()
}

/// Replaces the live copies in their claims, while the post stays at its version.
pub(super) async fn replace(
    dynamo: &Dynamo,
    act: &Act,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<Commit> {
    let id = post.standing.id;
    let packed = live_copies::pack(dynamo, act, post, copies).await?;
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(id));
    change.prepared(live_copies::pieces(id, &packed));
    let unchanged = as_found(&post.standing);
    change.require_if(Table::Posts, keys::post(id), unchanged, ())?;
    for (address, state) in post.claims() {
        if matches!(state, ClaimState::Public { .. } | ClaimState::Archived) {
            let claim = live_copies::claim(address, id, &state, &packed)?;
            change.put(Table::Posts, claim)?;
        }
    }
    match change.commit(None).await? {
        Outcome::Done => Ok(Commit::Done),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(_) => Ok(Commit::Stale),
    }
}
