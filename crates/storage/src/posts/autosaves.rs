//! What editors put aside: one item for each user and post, which only that user writes.

use serde::{Deserialize, Serialize};
use tintero_domain::{
    FieldErrors, Result,
    posts::{Autosave, Unsaved},
    values::{Code, PostId, Revision, Timestamp, UserId},
};

use crate::{
    dynamo::{Consistency, Dynamo},
    item::{EntityType, Item, decode, encode},
    keys::{self, Table},
    pieces::{self, Slot},
};

/// The attributes of the slot beside what was put aside, which is compressed.
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
    let bytes = pieces::compress(unsaved)?;
    // Pieces would have to be collected again every few seconds. Who writes so much, saves it.
    if bytes.len() > pieces::LARGEST {
        let detail = format!(
            "makes an autosave of {} bytes once it is compressed; it can have {}",
            bytes.len(),
            pieces::LARGEST
        );
        return Err(FieldErrors::one("/body", Code::TooLong, detail).into());
    }
    let record = AutosaveRecord {
        base_revision: *base_revision,
        saved_at: *saved_at,
    };
    let key = keys::autosave(id, user);
    let mut item = encode(Item::new(key, EntityType::Autosave, record))?;
    pieces::attach(&mut item, Slot::First, &bytes);
    dynamo.put_own(Table::Posts, item).await
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
        pieces::decompress(pieces::detach(&item, Slot::First).unwrap_or_default())?;
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
