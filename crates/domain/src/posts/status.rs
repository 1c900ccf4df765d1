//! What the public sees of a post, and when: a function of what was written and of the time.
//! Nothing has to run for a post to appear or to vanish.

use serde::{Deserialize, Serialize};

use super::PostState;
use crate::values::{Address, BylineId, CategoryId, Revision, Tag, Timestamp};

/// What the public sees of a post, and shall see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Nothing.
    Draft,
    /// Nothing yet.
    Scheduled {
        /// What shall be public, from a moment that is still to come.
        live: Live,
        /// When it vanishes again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The live copy.
    Published {
        /// What is public.
        live: Live,
        /// What replaces it, from a moment that is still to come.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Live>,
        /// When it, or what replaces it, vanishes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The live copy, at its address and in no list.
    Archived {
        /// What is public.
        live: Live,
    },
    /// Nothing; and if it was public before, that it is gone.
    Trashed,
}

/// What of a post is public: enough to find and take back every public trace of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Where it is found.
    #[serde(flatten)]
    pub address: Address,
    /// Its date, by which lists are sorted.
    pub published_at: Timestamp,
    /// From when on it is public: its date, unless that is older than the publication of this copy.
    pub from: Timestamp,
    /// Which revision was published.
    pub revision: Revision,
    /// The tags whose lists hold it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The categories whose lists hold it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// The bylines whose lists hold it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
}

/// A stretch of time: from a moment on, until another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it; absent when it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Span {
    /// True when the moment is part of it.
    #[must_use]
    pub fn holds(&self, moment: Timestamp) -> bool {
        self.from <= moment && !self.has_ended(moment)
    }

    /// True when it lies before the moment.
    #[must_use]
    pub fn has_ended(&self, moment: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= moment)
    }
}

/// Something that is so for a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phased<T> {
    /// When it is so.
    #[serde(flatten)]
    pub span: Span,
    /// What.
    #[serde(flatten)]
    pub what: T,
}

impl Status {
    /// What is public, at its address: in lists, too, unless it is archived.
    #[must_use]
    pub fn live(&self) -> Option<&Live> {
        match self {
            Self::Published { live, .. } | Self::Archived { live } => Some(live),
            Self::Draft | Self::Scheduled { .. } | Self::Trashed => None,
        }
    }

    /// What is public in lists.
    #[must_use]
    pub fn listed(&self) -> Option<&Live> {
        match self {
            Self::Published { live, .. } => Some(live),
            Self::Draft | Self::Scheduled { .. } | Self::Archived { .. } | Self::Trashed => None,
        }
    }

    /// What is, or shall be, public, one after the other: at most two.
    #[must_use]
    pub fn phases(&self) -> Vec<Phased<&Live>> {
        fn phase(live: &Live, until: Option<Timestamp>) -> Phased<&Live> {
            let from = live.from;
            Phased {
                span: Span { from, until },
                what: live,
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

    /// The next moment at which what the public sees changes by itself.
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
    /// How the post stands at a moment, which is not before that at which this was written.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        let written = std::mem::replace(&mut self.status, Status::Draft);
        self.status = self.moved_on(written, now);
        self
    }

    /// One change after the other, until the next one is still to come.
    fn moved_on(&mut self, status: Status, now: Timestamp) -> Status {
        match status {
            Status::Scheduled { live, until } if live.from <= now => {
                self.first_published_at.get_or_insert(live.from);
                let next = None;
                self.moved_on(Status::Published { live, next, until }, now)
            }
            Status::Published {
                live,
                next: Some(coming),
                until,
            } if coming.from <= now => {
                self.end(live);
                let (live, next) = (coming, None);
                self.past_addresses.retain(|past| *past != live.address);
                self.moved_on(Status::Published { live, next, until }, now)
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
        self.retire(&live.address);
        self.ended.push(live);
    }

    /// Lets an address at which the post was public lead to it from now on, wherever that goes.
    pub(super) fn retire(&mut self, address: &Address) {
        if !self.past_addresses.contains(address) {
            self.past_addresses.push(address.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_begins_with_its_first_moment_and_ends_before_its_last() {
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
