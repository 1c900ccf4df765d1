//! The stored items of posts, attribute by attribute.

mod claim;
mod live_copies;
mod post_record;
mod public_change;
mod public_row;
mod working_copies;

use serde::{Deserialize, Serialize};
use tintero_domain::values::PostId;

use crate::{
    item::{EntityType, Item},
    keys::ItemKey,
};

pub(crate) use self::{
    claim::ClaimRecord,
    live_copies::copies,
    public_row::PublicRow,
    working_copies::{find_post, find_posts},
};
pub(super) use self::{
    live_copies::{
        ClaimVisibility, PackedCopy, claim_item, claim_visibility, copy_chunks, open_claim, pack,
    },
    post_record::{PostRecord, partition, post_item},
    public_change::{PublicChangeRecord, StartRecord, change_items},
};

/// The post that holds a unique name.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HolderRecord {
    pub(crate) post_id: PostId,
}

pub(super) fn holder(key: ItemKey, entity: EntityType, post_id: PostId) -> Item<HolderRecord> {
    Item::new(key, entity, HolderRecord { post_id })
}
