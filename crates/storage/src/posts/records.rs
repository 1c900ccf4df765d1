//! What lies in the table of posts, attribute by attribute.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tintero_domain::{
    act::EffectRecord,
    posts::{ClaimState, ManuscriptRef, Phased, PublicSummary, Span},
    values::{PostId, Timestamp},
};

use crate::{
    item::{Attributes, EntityType, Item},
    keys::{self, Key},
};

/// Who holds a unique name.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HolderRecord {
    pub(crate) post_id: PostId,
}

/// A claim on an address, without the live copies.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClaimRecord {
    pub(super) post_id: PostId,
    pub(super) state: ClaimName,
    /// True when a copy was here before those that are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) past: bool,
    /// The first copy.
    #[serde(flatten)]
    pub(super) first: CopyRecord,
    /// The one after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<CopyRecord>,
}

impl ClaimRecord {
    /// The chains of pieces in which its copies lie.
    pub(crate) fn chains(&self) -> impl Iterator<Item = &ManuscriptRef> {
        let copies = std::iter::once(&self.first).chain(&self.next);
        copies.filter_map(|copy| copy.copy.as_ref())
    }

    /// What it says otherwise than a post that claims its address so.
    pub(crate) fn differs(
        &self,
        id: PostId,
        state: &ClaimState,
        now: Timestamp,
    ) -> Option<&'static str> {
        if self.post_id != id {
            return Some("belongs to another post");
        }
        let right = match (self.state, state) {
            (ClaimName::Reserved, ClaimState::Reserved)
            | (ClaimName::Past, ClaimState::Past)
            | (ClaimName::Archived, ClaimState::Archived) => true,
            (ClaimName::Live, ClaimState::Public { spans, .. }) => {
                let copies = std::iter::once(&self.first).chain(&self.next);
                let left = copies.filter(|copy| copy.until.is_none_or(|until| until > now));
                let said = left.map(|copy| (copy.from.filter(|from| *from > now), copy.until));
                let spans = spans.iter();
                said.eq(spans.map(|span| (Some(span.from).filter(|from| *from > now), span.until)))
            }
            _ => false,
        };
        (!right).then_some("says something else than its post")
    }
}

/// When a live copy is to be seen, and where it lies.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct CopyRecord {
    /// Absent when it was to be seen from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    /// Where it lies, when it is too large to lie in the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) copy: Option<ManuscriptRef>,
}

/// How a claim's state is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimName {
    Reserved,
    Live,
    Archived,
    Past,
}

/// A post in a public list: what is to be seen of it there, and what replaces that.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublicRow {
    #[serde(flatten)]
    first: RowPhase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<RowPhase>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RowPhase {
    /// Absent when it is the date that the post carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(flatten)]
    summary: PublicSummary,
}

impl PublicRow {
    /// The row of a list in which a post stands in one phase or in two.
    pub(crate) fn of(phases: &[Phased<&PublicSummary>]) -> Option<Self> {
        let phase = |phase: &Phased<&PublicSummary>| RowPhase {
            from: Some(phase.span.from).filter(|from| *from != phase.what.published_at),
            until: phase.span.until,
            summary: phase.what.clone(),
        };
        Some(Self {
            first: phase(phases.first()?),
            next: phases.get(1).map(phase),
        })
    }

    /// Which post.
    pub(super) fn post(&self) -> PostId {
        self.first.summary.id
    }

    /// The place of the row in its list.
    pub(super) fn place(&self) -> String {
        let PublicSummary {
            published_at, id, ..
        } = &self.first.summary;
        keys::moment(*published_at, *id)
    }

    /// True when everybody sees the same in both, now and later. A phase that has ended may be left.
    pub(crate) fn shows(&self, other: &Self) -> bool {
        let phases = |row: &Self| {
            std::iter::once(&row.first)
                .chain(&row.next)
                .cloned()
                .collect()
        };
        let (mine, theirs): (Vec<RowPhase>, Vec<RowPhase>) = (phases(self), phases(other));
        mine.ends_with(&theirs)
    }

    /// What is to be seen of the post at a moment.
    pub(crate) fn at(self, now: Timestamp) -> Option<PublicSummary> {
        let mut phases = std::iter::once(self.first).chain(self.next);
        let seen = phases.find(
            |RowPhase {
                 from,
                 until,
                 summary,
             }| {
                let span = Span {
                    from: from.unwrap_or(summary.published_at),
                    until: *until,
                };
                span.holds(now)
            },
        );
        seen.map(|phase| phase.summary)
    }
}

/// What a write with an idempotency key did, and until when that is remembered.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EffectItem {
    pub(super) expires_at: i64,
    #[serde(flatten)]
    pub(super) effect: EffectRecord,
}

pub(super) fn holder(key: Key, entity: EntityType, post_id: PostId) -> Item<HolderRecord> {
    Item::new(key, entity, HolderRecord { post_id })
}

/// True for the item at the head of a post's partition.
pub(super) fn is_post(item: &Attributes) -> bool {
    matches!(item.get("et"), Some(AttributeValue::S(entity)) if entity == "post")
}

pub(super) fn partition_key(item: &Attributes) -> Option<&String> {
    match item.get("pk") {
        Some(AttributeValue::S(pk)) => Some(pk),
        _ => None,
    }
}

pub(super) fn sort_key(item: &Attributes) -> Option<&String> {
    match item.get("sk") {
        Some(AttributeValue::S(sk)) => Some(sk),
        _ => None,
    }
}
