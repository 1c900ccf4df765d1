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
    /// Whether the phase had begun when the row was written, by the clock of that server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    begun: bool,
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

    /// Whether the phase is public. A phase that began by the clock of another server has begun,
    /// even if it starts later by this clock.
    fn is_public(&self, now: Timestamp) -> bool {
        let span = self.span();
        (self.begun || span.from <= now) && !span.has_ended(now)
    }

    /// Whether both phases have the same content and times.
    fn shows(&self, other: &Self) -> bool {
        self.span() == other.span() && self.summary == other.summary
    }
}

impl PublicRow {
    /// The row for one phase or two as of `now`; none without phases.
    pub(crate) fn of(phases: &[Phased<&PublicSummary>], now: Timestamp) -> Option<Self> {
        let phase = |phase: &Phased<&PublicSummary>| RowPhase {
            from: Some(phase.span.from).filter(|from| *from != phase.value.published_at),
            until: phase.span.until,
            begun: phase.span.from <= now,
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
        let expected: Vec<_> = other.phases().collect();
        let ended = self.phases().count().checked_sub(expected.len());
        ended.is_some_and(|ended| {
            let mut pairs = self.phases().skip(ended).zip(expected);
            pairs.all(|(stored, expected)| stored.shows(expected))
        })
    }

    fn phases(&self) -> impl Iterator<Item = &RowPhase> {
        once(&self.first).chain(&self.next)
    }

    /// The summary that is public at `now`.
    pub(crate) fn at(self, now: Timestamp) -> Option<PublicSummary> {
        let mut phases = once(self.first).chain(self.next);
        let public = phases.find(|phase| phase.is_public(now));
        public.map(|phase| phase.summary)
    }
}
