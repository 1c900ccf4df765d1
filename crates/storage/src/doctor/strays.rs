//! Items that nobody refers to: of posts that are no more, or that know nothing of them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    posts::Post,
    values::{PostId, Timestamp},
};

use super::{Finding, Look, Rule, expected::Expected, finding::Cure};
use crate::{
    dynamo::{Consistency, Range, Stretch},
    item::{Attributes, Item, decode, key_of},
    keys::{self, Key, Pieces, Table},
    posts::{ClaimRecord, RevisionRecord, traces},
};

/// Pieces that are younger may belong to a write that is under way.
const YOUNG: std::time::Duration = std::time::Duration::from_hours(1);

/// The post that an item of the table of posts belongs to, as far as it says so.
pub(super) fn owner(item: &Attributes) -> Option<PostId> {
    let text = |name: &str| match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    match text("et")? {
        "claim" | "old_path" | "source" | "translation" => text("post_id")?.parse().ok(),
        "public_row" => keys::read_moment(text("sk")?).map(|(_, id)| id),
        _ => keys::owning_post(text("pk")?),
    }
}

impl Look<'_> {
    /// Those of the items that were seen of which their post knows nothing.
    pub(super) async fn strays(
        &self,
        id: PostId,
        post: Option<&Post>,
        seen: &BTreeSet<Key>,
    ) -> Result<Vec<Finding>> {
        let expected = post.map(Expected::of);
        let apart = |key: &&Key| keys::owning_post(&key.pk).is_none();
        let unknown: Vec<_> = seen
            .iter()
            .filter(apart)
            .filter(|key| expected.as_ref().is_none_or(|post| !post.knows(key)))
            .cloned()
            .collect();
        // They may have been taken back since they were seen, or given to another post.
        let there = self.read(Table::Posts, unknown).await?;
        let still = there
            .into_iter()
            .filter(|(_, item)| owner(item) == Some(id));
        let mut found: Vec<_> = still
            .map(|(key, _)| {
                let detail = format!("is not known to post {id}");
                let cure = Cure::Remove(id);
                Finding::new(Rule::Strays, key, detail, cure)
            })
            .collect();
        if post.is_none() {
            let remains = self.remains(id, seen);
            // What a removal left behind is no stray while the housekeeping has yet to come.
            if !remains.is_empty() && !traces::wait_for(self.dynamo, id, self.now).await? {
                found.extend(remains);
            }
        }
        Ok(found)
    }

    /// What lies in the partition of a post that is no more, or never came to be.
    fn remains(&self, id: PostId, seen: &BTreeSet<Key>) -> Vec<Finding> {
        let own = seen
            .iter()
            .filter(|key| keys::owning_post(&key.pk).is_some());
        let old = own.filter(|key| !self.is_young(key));
        old.map(|key| {
            let detail = "belongs to a post that does not exist";
            let cure = Cure::Remove(id);
            Finding::new(Rule::Strays, key.clone(), detail, cure)
        })
        .collect()
    }

    /// Pieces that no revision names, and revisions whose pieces are missing.
    pub(super) async fn texts(&self, post: &Post, claims: &[ClaimRecord]) -> Result<Vec<Finding>> {
        let id = post.standing.id;
        let (pk, end) = keys::all_of_post(id);
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Below(end),
            limit: usize::MAX,
            consistency: Consistency::Strong,
        };
        let mut pieces = BTreeSet::new();
        let apart = claims.iter().flat_map(ClaimRecord::chains);
        let mut named: BTreeSet<_> = apart
            .flat_map(|chain| keys::pieces(Pieces::LiveCopy, id, chain))
            .chain(keys::pieces(Pieces::Manuscript, id, &post.text))
            .collect();
        for item in self.dynamo.query(Table::Posts, stretch).await? {
            match item.get("et") {
                Some(AttributeValue::S(entity)) if entity == "piece" => {
                    pieces.extend(key_of(&item));
                }
                Some(AttributeValue::S(entity)) if entity == "revision" => {
                    let RevisionRecord { text, .. } = decode::<Item<_>>(item)?.body;
                    named.extend(keys::pieces(Pieces::Manuscript, id, &text));
                }
                _ => {}
            }
        }
        let missing = named
            .difference(&pieces)
            .map(|key| Finding::new(Rule::Texts, key.clone(), "is missing", Cure::None));
        let unnamed = pieces.difference(&named).filter(|key| !self.is_young(key));
        let unnamed = unnamed.map(|key| {
            let cure = Cure::Remove(id);
            Finding::new(Rule::Strays, key.clone(), "is named by no revision", cure)
        });
        Ok(missing.chain(unnamed).collect())
    }

    /// True for a piece that was written a short while ago; the id of its write tells when.
    fn is_young(&self, key: &Key) -> bool {
        let write = keys::piece_write(&key.sk);
        // The first 48 bits of a UUID of version 7 are the time.
        let millis = write.and_then(|id| i64::try_from(id.as_u128() >> 80).ok());
        millis.is_some_and(|millis| self.now.since(Timestamp::from_millis(millis)) < YOUNG)
    }
}
