//! Autosaves: one item per user and post. Only that user writes it.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    FieldErrors, Result,
    posts::{Autosave, Unsaved},
    values::{Code, PostId, Revision, Timestamp, UserId},
};

use crate::{
    chunks::{self, Slot},
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, decode, encode},
    keys::{self, Table},
};

/// The attributes of an autosave. The attribute `data` holds the compressed content.
#[derive(Debug, Serialize, Deserialize)]
struct AutosaveRecord {
    base_revision: Revision,
    saved_at: Timestamp,
}

pub(super) async fn put(
    dynamo: &Dynamo,
    user: UserId,
    id: PostId,
    autosave: &Autosave,
) -> Result<()> {
    let Autosave {
        base_revision,
        saved_at,
        unsaved,
    } = autosave;
    let bytes = chunks::compress(unsaved).await?;
    // Chunks would become garbage every few seconds, so an autosave must fit into its item.
    if bytes.len() > chunks::MAX_BYTES {
        let detail = format!(
            "compresses to {} bytes; an autosave supports at most {}",
            bytes.len(),
            chunks::MAX_BYTES
        );
        return Err(FieldErrors::one("/body", Code::TooLong, detail).into());
    }
    let record = AutosaveRecord {
        base_revision: *base_revision,
        saved_at: *saved_at,
    };
    let key = keys::autosave(id, user);
    let mut item = encode(Item::new(key, EntityType::Autosave, record))?;
    chunks::attach(&mut item, Slot::First, &bytes);
    dynamo.put(Table::Posts, item).await
}

pub(super) async fn find(dynamo: &Dynamo, user: UserId, id: PostId) -> Result<Option<Autosave>> {
    let key = keys::autosave(id, user);
    let found = dynamo
        .get_attributes(Table::Posts, key, Consistency::Strong)
        .await?;
    let Some(item) = found else {
        return Ok(None);
    };
    let unsaved: Unsaved =
        chunks::decompress(chunks::detach(&item, Slot::First).unwrap_or_default()).await?;
    let AutosaveRecord {
        base_revision,
        saved_at,
    } = decode::<Item<AutosaveRecord>>(item)?.body;
    Ok(Some(Autosave {
        base_revision,
        saved_at,
        unsaved,
    }))
}
