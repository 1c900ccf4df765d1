use std::iter::once;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    posts::{Phased, PublicSummary, Span},
    values::{PostId, Timestamp},
};

use crate::keys;

/// A post in a public list: its present or next phase, and the phase after that.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublicRow {
    #[serde(flatten)]
    first: RowPhase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<RowPhase>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RowPhase {
    /// Absent if it equals the post's date of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(flatten)]
    summary: PublicSummary,
}

impl RowPhase {
    fn span(&self) -> Span {
        Span {
            from: self.from.unwrap_or(self.summary.published_at),
            until: self.until,
        }
    }
}

impl PublicRow {
    /// The row for one phase or two; none without phases.
    pub(crate) fn of(phases: &[Phased<&PublicSummary>]) -> Option<Self> {
        let phase = |phase: &Phased<&PublicSummary>| RowPhase {
            from: Some(phase.span.from).filter(|from| *from != phase.value.published_at),
            until: phase.span.until,
            summary: phase.value.clone(),
        };
        Some(Self {
            first: phase(phases.first()?),
            next: phases.get(1).map(phase),
        })
    }

    pub(in crate::posts) fn post(&self) -> PostId {
        self.first.summary.id
    }

    /// The sort key of the row in its list.
    pub(in crate::posts) fn place(&self) -> String {
        let PublicSummary {
            published_at, id, ..
        } = &self.first.summary;
        keys::moment(*published_at, *id)
    }

    /// Whether both rows have the same current and future phases. This row may contain a phase that
    /// has ended.
    pub(crate) fn shows(&self, other: &Self) -> bool {
        let phases =
            |row: &Self| -> Vec<RowPhase> { once(&row.first).chain(&row.next).cloned().collect() };
        phases(self).ends_with(&phases(other))
    }

    /// The summary that is public at `now`.
    pub(crate) fn at(self, now: Timestamp) -> Option<PublicSummary> {
        let mut phases = once(self.first).chain(self.next);
        let public = phases.find(|phase| phase.span().holds(now));
        public.map(|phase| phase.summary)
    }
}
