//! Public status of a post, derived from its last write and the time. Scheduled changes take
//! effect without a background job.

use serde::{Deserialize, Serialize};

use super::PostState;
use crate::values::{Address, BylineId, CategoryId, Revision, Tag, Timestamp};

/// Status of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Not public.
    Draft,
    /// Not public yet.
    Scheduled {
        /// Copy that becomes public.
        live: Live,
        /// End of the publication.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Public at its address and in lists.
    Published {
        /// The public copy.
        live: Live,
        /// Copy that replaces it at a scheduled time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Live>,
        /// End of the publication, including its replacement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Public at its address and not in lists.
    Archived {
        /// The public copy.
        live: Live,
    },
    /// In the trash. Its addresses answer 410 if it was public.
    Trashed,
}

/// Public copy of a post: the data that is required to find and remove all of its public items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Public address.
    #[serde(flatten)]
    pub address: Address,
    /// Date, which lists sort by.
    pub published_at: Timestamp,
    /// Start of its public time: its date, unless that is before the publication of this copy.
    pub from: Timestamp,
    /// Published revision.
    pub revision: Revision,
    /// Tags, with their lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Categories, with their lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// Bylines, with their lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
}

/// A half-open time span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Start, inclusive.
    pub from: Timestamp,
    /// End, exclusive. Absent if it is unbounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Span {
    /// Whether it contains `moment`.
    #[must_use]
    pub fn holds(&self, moment: Timestamp) -> bool {
        self.from <= moment && !self.has_ended(moment)
    }

    /// Whether it ends before or at `moment`.
    #[must_use]
    pub fn has_ended(&self, moment: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= moment)
    }
}

/// A value with a time span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phased<T> {
    /// Time span.
    #[serde(flatten)]
    pub span: Span,
    /// The value.
    #[serde(flatten)]
    pub value: T,
}

impl Status {
    /// The public copy at the post's address.
    #[must_use]
    pub fn live(&self) -> Option<&Live> {
        match self {
            Self::Published { live, .. } | Self::Archived { live } => Some(live),
            Self::Draft | Self::Scheduled { .. } | Self::Trashed => None,
        }
    }

    /// The public copy in lists.
    #[must_use]
    pub fn listed(&self) -> Option<&Live> {
        match self {
            Self::Published { live, .. } => Some(live),
            Self::Draft | Self::Scheduled { .. } | Self::Archived { .. } | Self::Trashed => None,
        }
    }

    /// Current and scheduled public copies, in order: at most two.
    #[must_use]
    pub fn phases(&self) -> Vec<Phased<&Live>> {
        fn phase(live: &Live, until: Option<Timestamp>) -> Phased<&Live> {
            let from = live.from;
            Phased {
                span: Span { from, until },
                value: live,
            }
        }
        match self {
            Self::Draft | Self::Trashed => Vec::new(),
            Self::Archived { live } => vec![phase(live, None)],
            Self::Scheduled { live, until }
            | Self::Published {
                live,
                next: None,
                until,
            } => vec![phase(live, *until)],
            Self::Published {
                live,
                next: Some(next),
                until,
            } => vec![phase(live, Some(next.from)), phase(next, *until)],
        }
    }

    /// Time of the next scheduled change.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        match self {
            Self::Draft | Self::Archived { .. } | Self::Trashed => None,
            Self::Scheduled { live, .. } => Some(live.from),
            Self::Published { next, until, .. } => next.as_ref().map(|next| next.from).or(*until),
        }
    }
}

impl PostState {
    /// `now`, or the time of the last write or cleanup if the clock is behind that of its server.
    /// Each write has this time, so the stamps of a post never go backwards.
    pub(in crate::posts) fn time_from(&self, now: Timestamp) -> Timestamp {
        let written = now.not_before(self.updated_at);
        self.settled_at.map_or(written, |at| written.not_before(at))
    }

    /// Returns the state as of `now`, or as of the last write or cleanup if that is later.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        let now = self.time_from(now);
        let written = std::mem::replace(&mut self.status, Status::Draft);
        self.status = self.advanced_to(written, now);
        self
    }

    /// Applies scheduled changes in order, up to `now`.
    fn advanced_to(&mut self, status: Status, now: Timestamp) -> Status {
        match status {
            Status::Scheduled { live, until } if live.from <= now => {
                self.first_published_at.get_or_insert(live.from);
                let next = None;
                self.advanced_to(Status::Published { live, next, until }, now)
            }
            Status::Published {
                live,
                next: Some(next),
                until,
            } if next.from <= now => {
                self.end(live);
                let (live, next) = (next, None);
                self.past_addresses.retain(|past| *past != live.address);
                self.advanced_to(Status::Published { live, next, until }, now)
            }
            Status::Published {
                live,
                until: Some(until),
                ..
            } if until <= now => {
                self.end(live);
                Status::Draft
            }
            other => other,
        }
    }

    fn end(&mut self, live: Live) {
        self.add_past_address(&live.address);
        self.ended.push(live);
    }

    /// Adds a former public address, which redirects to the post.
    pub(in crate::posts) fn add_past_address(&mut self, address: &Address) {
        if !self.past_addresses.contains(address) {
            self.past_addresses.push(address.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_includes_its_start_and_excludes_its_end() {
        let at = Timestamp::from_millis;
        let span = Span {
            from: at(10),
            until: Some(at(20)),
        };
        let holds: Vec<_> = [9, 10, 19, 20].map(at).map(|now| span.holds(now)).into();
        assert_eq!(holds, [false, true, true, false]);
        assert!(!span.has_ended(at(19)) && span.has_ended(at(20)));
    }
}
