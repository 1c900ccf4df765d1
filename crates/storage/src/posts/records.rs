//! What lies in the table of posts, attribute by attribute.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    act::{Act, EffectRecord},
    posts::{ClaimState, Content, ManuscriptRef, Post, PublicSummary},
    values::{PostId, Revision, Timestamp, UserId},
};

use crate::{
    item::{Attributes, EntityType, Item},
    keys::{self, Key},
};

/// One revision: immutable.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RevisionRecord {
    pub(super) revision: Revision,
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) editor: Option<UserId>,
    #[serde(flatten)]
    pub(super) content: Content,
    pub(super) text: ManuscriptRef,
}

/// Who holds a unique name.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HolderRecord {
    pub(crate) post_id: PostId,
}

/// A claim on an address, without the live copy.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ClaimRecord {
    pub(super) post_id: PostId,
    pub(super) state: ClaimName,
    /// Where the live copy lies, when it is too large to lie here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) copy: Option<ManuscriptRef>,
}

/// How a claim's state is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimName {
    Reserved,
    Live,
    Past,
}

impl From<ClaimState> for ClaimName {
    fn from(state: ClaimState) -> Self {
        match state {
            ClaimState::Reserved => Self::Reserved,
            ClaimState::Live => Self::Live,
            ClaimState::Past => Self::Past,
        }
    }
}

/// What a write with an idempotency key did, and until when that is remembered.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EffectItem {
    pub(super) expires_at: i64,
    #[serde(flatten)]
    pub(super) effect: EffectRecord,
}

pub(super) fn revision(act: &Act, post: &Post) -> Item<RevisionRecord> {
    let record = RevisionRecord {
        revision: post.standing.revision,
        at: act.at,
        editor: act.actor,
        content: post.content.clone(),
        text: post.text,
    };
    Item::new(
        keys::revision(post.standing.id, post.standing.revision),
        EntityType::Revision,
        record,
    )
}

pub(super) fn holder(key: Key, entity: EntityType, post_id: PostId) -> Item<HolderRecord> {
    Item::new(key, entity, HolderRecord { post_id })
}

pub(super) fn public_row(key: Key, summary: &PublicSummary) -> Item<PublicSummary> {
    Item::new(key, EntityType::PublicRow, summary.clone())
}

/// True for the item at the head of a post's partition.
pub(super) fn is_post(item: &Attributes) -> bool {
    matches!(item.get("et"), Some(AttributeValue::S(entity)) if entity == "post")
}

pub(super) fn sort_key(item: &Attributes) -> Option<&String> {
    match item.get("sk") {
        Some(AttributeValue::S(sk)) => Some(sk),
        _ => None,
    }
}
