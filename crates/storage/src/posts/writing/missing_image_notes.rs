//! Writes the markers of live copies that lack an image.

use std::collections::BTreeMap;

use tintero_domain::{
    Result,
    values::{PostId, SourcePath},
};

use super::{PostTransaction, PostWrite};
use crate::{
    dynamo::Dynamo,
    item::{Attributes, EntityType, encode},
    keys::{self, Table},
    posts::items::holder,
};

/// Adds the markers of a new post to its transaction, so that a refusal or a crash leaves none. Stores them
/// before the transaction if they are too many for it.
pub(super) async fn write(
    dynamo: &Dynamo,
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
) -> Result<()> {
    let notes = notes(write.after.state.id, write.missing)?;
    if !change.has_room(notes.len()) {
        return dynamo.put_many(Table::Posts, notes).await;
    }
    let mut notes = notes.into_iter();
    notes.try_for_each(|note| change.put(Table::Posts, note))
}

/// Stores the markers of a post that exists.
pub(super) async fn add(dynamo: &Dynamo, id: PostId, paths: &[SourcePath]) -> Result<()> {
    dynamo.put_many(Table::Posts, notes(id, paths)?).await
}

fn notes(id: PostId, paths: &[SourcePath]) -> Result<Vec<Attributes>> {
    let note = |path| {
        let key = keys::waiting_post(path, id);
        encode(holder(key, EntityType::WaitingPost, id))
    };
    // Spellings that differ in letter case share one marker.
    let notes: BTreeMap<_, _> = paths.iter().map(|path| (path.folded(), path)).collect();
    notes.into_values().map(note).collect()
}
