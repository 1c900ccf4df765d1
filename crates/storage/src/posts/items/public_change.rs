use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    Result,
    posts::{CHANGES_OVERLAP, CHANGES_RETENTION, ChangeTimes},
    values::{Address, PostId, Timestamp},
};

use crate::{
    item::{Attributes, EntityType, Item, encode},
    keys,
};

/// A change of the public side of a post at a time.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::posts) struct PublicChangeRecord {
    at: Timestamp,
    pub(in crate::posts) post_id: PostId,
    /// The addresses that leave the lists.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(in crate::posts) gone: BTreeSet<Address>,
    /// Time of deletion in Unix seconds.
    expires_at: i64,
}

impl PublicChangeRecord {
    /// The time and the post.
    pub(in crate::posts) fn position(&self) -> (Timestamp, PostId) {
        (self.at, self.post_id)
    }

    /// The sort key of the item.
    pub(in crate::posts) fn sort_key(&self) -> String {
        keys::moment(self.at, self.post_id)
    }
}

/// The items of the changes of a post.
pub(in crate::posts) fn change_items(id: PostId, times: ChangeTimes) -> Result<Vec<Attributes>> {
    let item = |(at, gone): (Timestamp, _)| {
        let expires = at.after(CHANGES_RETENTION).after(CHANGES_OVERLAP);
        let record = PublicChangeRecord {
            at,
            post_id: id,
            gone,
            expires_at: expires.as_seconds(),
        };
        let key = keys::public_change(at, id);
        encode(Item::new(key, EntityType::PublicChange, record))
    };
    times.into_iter().map(item).collect()
}

/// The time from which all changes are recorded.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::posts) struct StartRecord {
    pub(in crate::posts) since: Timestamp,
}
