//! The text of a new revision.

use tintero_domain::{Result, posts::PackedManuscript};

use super::{PostTransaction, PostWrite};
use crate::{
    chunks,
    dynamo::Dynamo,
    keys::{self, ChunkKind, Table},
};

/// Maximum bytes of a compressed text that is part of the transaction. In a transaction DynamoDB
/// charges two write units per KB instead of one. A separate request takes as long as another commit.
const MAX_IN_TRANSACTION: usize = 8 * 1024;

/// Adds the text of a write to its transaction if it is small. Otherwise stores it before the
/// transaction, which deletes it if it is refused.
pub(super) async fn write_text(
    dynamo: &Dynamo,
    change: &mut PostTransaction<'_>,
    write: &PostWrite<'_>,
) -> Result<()> {
    let Some(PackedManuscript { text, bytes }) = write.text else {
        return Ok(());
    };
    let (kind, id) = (ChunkKind::Manuscript, write.after.state.id);
    let chunks = chunks::items(kind, id, text, bytes)?;
    if bytes.len() <= MAX_IN_TRANSACTION && change.has_room(chunks.len()) {
        return chunks
            .into_iter()
            .try_for_each(|chunk| change.put(Table::Posts, chunk));
    }
    change.prepared(keys::chunks(kind, id, text));
    chunks::write(dynamo, chunks).await
}
