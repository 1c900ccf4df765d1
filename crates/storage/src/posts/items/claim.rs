use std::iter::once;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    posts::{ClaimState, ManuscriptRef},
    values::{PostId, Timestamp},
};

/// A claim on an address. The attributes `data` and `next_data` hold its live copies.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClaimRecord {
    pub(super) post_id: PostId,
    pub(super) state: ClaimKind,
    /// Whether an earlier live copy had this address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) past: bool,
    #[serde(flatten)]
    pub(super) first: CopyRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<CopyRecord>,
}

/// Time span and location of a live copy.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct CopyRecord {
    /// Absent if the copy was public when it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    /// The chunks of a copy that is too large for the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) copy: Option<ManuscriptRef>,
}

/// The stored form of a [`ClaimState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimKind {
    Reserved,
    Live,
    Archived,
    Past,
}

impl ClaimRecord {
    fn copies(&self) -> impl Iterator<Item = &CopyRecord> {
        once(&self.first).chain(&self.next)
    }

    /// The chunked live copies.
    pub(crate) fn chunked_copies(&self) -> impl Iterator<Item = &ManuscriptRef> {
        self.copies().filter_map(|copy| copy.copy.as_ref())
    }

    /// Describes how the claim differs from `state`, the claim that its post should have.
    pub(crate) fn differs(
        &self,
        id: PostId,
        state: &ClaimState,
        now: Timestamp,
    ) -> Option<&'static str> {
        if self.post_id != id {
            return Some("belongs to another post");
        }
        let is_equal = match (self.state, state) {
            (ClaimKind::Reserved, ClaimState::Reserved)
            | (ClaimKind::Past, ClaimState::Past)
            | (ClaimKind::Archived, ClaimState::Archived) => true,
            (ClaimKind::Live, ClaimState::Public { spans, .. }) => {
                let future = |from: Timestamp| Some(from).filter(|from| *from > now);
                let copies = self.copies().filter(|copy| !copy.has_ended(now));
                let stored = copies.map(|copy| (copy.from.and_then(future), copy.until));
                let expected = spans.iter().map(|span| (future(span.from), span.until));
                stored.eq(expected)
            }
            _ => false,
        };
        (!is_equal).then_some("differs from its post")
    }
}

impl CopyRecord {
    pub(super) fn is_public(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && !self.has_ended(now)
    }

    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
