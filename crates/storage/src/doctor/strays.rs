//! Items without a post that refers to them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    posts::Post,
    values::{PostId, Timestamp},
};

use super::{Check, DoctorFinding, DoctorRule, expected_items::ExpectedItems, finding::Fix};
use crate::{
    dynamo::{KeyRange, RangeQuery},
    item::{Attributes, Item, decode, key_of},
    keys::{self, ChunkKind, ItemKey, Table},
    posts::{ClaimRecord, RevisionRecord, is_awaiting_cleanup},
};

/// Maximum age of chunks that may belong to a write in progress.
const YOUNG: std::time::Duration = std::time::Duration::from_hours(1);

/// The post to which an item of the table of posts belongs.
pub(super) fn owner(item: &Attributes) -> Option<PostId> {
    let text = |name: &str| match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    match text("et")? {
        "claim" | "old_path" | "source" | "translation" => text("post_id")?.parse().ok(),
        "public_row" => keys::parse_moment(text("sk")?).map(|(_, id)| id),
        _ => keys::owning_post(text("pk")?),
    }
}

impl Check<'_> {
    /// Finds scanned items to which their post does not refer.
    pub(super) async fn strays(
        &self,
        id: PostId,
        post: Option<&Post>,
        seen: &BTreeSet<ItemKey>,
    ) -> Result<Vec<DoctorFinding>> {
        let expected = post.map(ExpectedItems::of);
        let apart = |key: &&ItemKey| keys::owning_post(&key.pk).is_none();
        let unknown: Vec<_> = seen
            .iter()
            .filter(apart)
            .filter(|key| expected.as_ref().is_none_or(|post| !post.knows(key)))
            .cloned()
            .collect();
        // The items may have been deleted since the scan, or now belong to another post.
        let existing = self.read(Table::Posts, unknown).await?;
        let still = existing
            .into_iter()
            .filter(|(_, item)| owner(item) == Some(id));
        let mut found: Vec<_> = still
            .map(|(key, _)| {
                let detail = format!("has no reference from post {id}");
                let fix = Fix::Remove(id);
                DoctorFinding::new(DoctorRule::Strays, key, detail, fix)
            })
            .collect();
        if post.is_none() {
            let remains = self.remains(id, seen);
            // Items of a deleted post are no strays while their cleanup is pending.
            if !remains.is_empty() && !is_awaiting_cleanup(self.dynamo, id, self.now).await? {
                found.extend(remains);
            }
        }
        Ok(found)
    }

    /// Finds items in the partition of a post that does not exist.
    fn remains(&self, id: PostId, seen: &BTreeSet<ItemKey>) -> Vec<DoctorFinding> {
        let own = seen
            .iter()
            .filter(|key| keys::owning_post(&key.pk).is_some());
        let old = own.filter(|key| !self.is_young(key));
        old.map(|key| {
            let detail = "belongs to a post that does not exist";
            let fix = Fix::Remove(id);
            DoctorFinding::new(DoctorRule::Strays, key.clone(), detail, fix)
        })
        .collect()
    }

    /// Finds chunks without a revision, and revisions with missing chunks.
    pub(super) async fn texts(
        &self,
        post: &Post,
        claims: &[ClaimRecord],
    ) -> Result<Vec<DoctorFinding>> {
        let id = post.state.id;
        let (pk, end) = keys::all_of_post(id);
        let query = RangeQuery::all(pk, KeyRange::Below(end));
        let mut pieces = BTreeSet::new();
        let apart = claims.iter().flat_map(ClaimRecord::chunked_copies);
        let mut named: BTreeSet<_> = apart
            .flat_map(|chain| keys::chunks(ChunkKind::LiveCopy, id, chain))
            .chain(keys::chunks(ChunkKind::Manuscript, id, &post.text))
            .collect();
        for item in self.dynamo.query(Table::Posts, query).await? {
            match item.get("et") {
                Some(AttributeValue::S(entity)) if entity == "piece" => {
                    pieces.extend(key_of(&item));
                }
                Some(AttributeValue::S(entity)) if entity == "revision" => {
                    let RevisionRecord { text, .. } = decode::<Item<_>>(item)?.body;
                    named.extend(keys::chunks(ChunkKind::Manuscript, id, &text));
                }
                _ => {}
            }
        }
        let missing = named
            .difference(&pieces)
            .map(|key| DoctorFinding::new(DoctorRule::Texts, key.clone(), "is missing", Fix::None));
        let unnamed = pieces.difference(&named).filter(|key| !self.is_young(key));
        let unnamed = unnamed.map(|key| {
            let fix = Fix::Remove(id);
            DoctorFinding::new(
                DoctorRule::Strays,
                key.clone(),
                "has no reference from a revision",
                fix,
            )
        });
        Ok(missing.chain(unnamed).collect())
    }

    /// Whether a chunk is younger than [`YOUNG`], according to the time in the id of its write.
    fn is_young(&self, key: &ItemKey) -> bool {
        let write = keys::chunk_write(&key.sk);
        // The first 48 bits of a UUID of version 7 are the time.
        let millis = write.and_then(|id| i64::try_from(id.as_u128() >> 80).ok());
        millis.is_some_and(|millis| self.now.since(Timestamp::from_millis(millis)) < YOUNG)
    }
}
