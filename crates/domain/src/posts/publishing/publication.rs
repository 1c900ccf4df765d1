//! The state changes of transitions, as pure functions.

use super::Transition;
use crate::{
    error::{FieldErrors, Result},
    posts::{Live, Post, Review, Status},
    values::{Code, Note, Timestamp, ValueError},
};

/// Most past addresses of a published post. Each makes the desk rows larger.
const MAX_PAST_ADDRESSES: usize = 20;

/// A transition with its parameters.
#[derive(Debug, Clone)]
pub(super) enum TransitionRequest {
    Publish {
        published_at: Option<Timestamp>,
    },
    Schedule(Schedule),
    RequestChanges {
        note: Option<Note>,
    },
    /// A transition without parameters: all others but `Edit` and `Purge`.
    Plain(Transition),
}

/// The planned times of publication and removal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Time of publication. Absent if only the removal is planned.
    pub publish_at: Option<Timestamp>,
    /// Time of removal. Absent if the public copy stays.
    pub unpublish_at: Option<Timestamp>,
}

impl TransitionRequest {
    pub(super) fn transition(&self) -> Transition {
        match self {
            Self::Publish { .. } => Transition::Publish,
            Self::Schedule(_) => Transition::Schedule,
            Self::RequestChanges { .. } => Transition::RequestChanges,
            Self::Plain(transition) => *transition,
        }
    }
}

impl Post {
    /// The post after the transition.
    pub(super) fn after(&self, step: &TransitionRequest, now: Timestamp) -> Result<Self> {
        let next = self.clone().advanced(now);
        Ok(match step {
            TransitionRequest::Publish { published_at } => {
                let date = self.publication_date(*published_at, now)?;
                next.published(date, now)?
            }
            TransitionRequest::Schedule(schedule) => next.scheduled(*schedule, now)?,
            TransitionRequest::RequestChanges { note } => {
                next.reviewed(Review::ChangesRequested, note.clone())
            }
            TransitionRequest::Plain(transition) => match transition {
                Transition::Submit => next.reviewed(Review::Requested, None),
                Transition::RequestChanges => next.reviewed(Review::ChangesRequested, None),
                Transition::Unschedule => next.unscheduled(),
                Transition::Unpublish | Transition::Untrash => next.withdrawn(Status::Draft),
                Transition::Archive => next.archived(),
                Transition::Trash => next.withdrawn(Status::Trashed),
                Transition::Edit
                | Transition::Publish
                | Transition::Schedule
                | Transition::Purge => next,
            },
        })
    }

    /// A new post that is published in the write that creates it. Its date is that of the draft, or now.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for a date in the future.
    pub(in crate::posts) fn published_at_once(self, now: Timestamp) -> Result<Self> {
        let date = self.publication_date(None, now)?;
        self.published(date, now)
    }

    /// The post with the next version.
    pub(in crate::posts) fn advanced(mut self, now: Timestamp) -> Self {
        self.state.version = self.state.version.next();
        self.state.updated_at = now;
        self.state.settled_at = None;
        self.state.ended.clear();
        self.without_reserved_names()
    }

    fn reviewed(mut self, review: Review, note: Option<Note>) -> Self {
        self.state.review = review;
        self.state.review_note = note;
        self
    }

    /// The public state of the working copy.
    fn live_at(&self, published_at: Timestamp, from: Timestamp) -> Live {
        Live {
            address: self.content.address.clone(),
            published_at,
            from,
            revision: self.state.revision,
            tags: self.content.tags.clone(),
            category_ids: self.content.category_ids.clone(),
            byline_ids: self.content.byline_ids.clone(),
        }
    }

    /// Publishes the working copy. A scheduled end stays scheduled.
    fn published(mut self, published_at: Timestamp, now: Timestamp) -> Result<Self> {
        let until = match &self.state.status {
            Status::Scheduled { until, .. } | Status::Published { until, .. } => *until,
            Status::Draft | Status::Archived { .. } | Status::Trashed => None,
        };
        self.retire_live_address();
        let address = self.content.address.clone();
        self.state.past_addresses.retain(|past| *past != address);
        require_few_addresses(self.state.past_addresses.len())?;
        self.state.published_at = Some(published_at);
        self.state.first_published_at.get_or_insert(now);
        self = self.reviewed(Review::None, None);
        self.state.status = Status::Published {
            live: self.live_at(published_at, published_at),
            next: None,
            until,
        };
        Ok(self)
    }

    /// Replaces the schedule.
    fn scheduled(mut self, schedule: Schedule, now: Timestamp) -> Result<Self> {
        schedule.check(now)?;
        self.state.status = match self.state.status.clone() {
            Status::Published { live, .. } => self.planned_change(live, schedule)?,
            _ => self.planned_publication(schedule)?,
        };
        Ok(self.reviewed(Review::None, None))
    }

    /// Schedules a change, or the removal, of the public copy.
    fn planned_change(&mut self, live: Live, schedule: Schedule) -> Result<Status> {
        self.state.published_at = self.kept_date();
        let next = schedule.publish_at.map(|from| self.planned_live(from));
        if let Some(next) = &next {
            let past = self.state.past_addresses.iter().chain([&live.address]);
            require_few_addresses(past.filter(|past| **past != next.address).count())?;
        }
        Ok(Status::Published {
            live,
            next,
            until: schedule.unpublish_at,
        })
    }

    /// Schedules the first public copy.
    fn planned_publication(&mut self, schedule: Schedule) -> Result<Status> {
        let Some(from) = schedule.publish_at else {
            let detail = "is required, because the post is not public";
            return Err(FieldErrors::one("/publish_at", Code::Required, detail).into());
        };
        Ok(Status::Scheduled {
            live: self.planned_live(from),
            until: schedule.unpublish_at,
        })
    }

    /// The public state of the working copy from a planned time on. A post that was public before
    /// keeps its date, unless that is later than `from`: lists omit posts dated in the future.
    fn planned_live(&mut self, from: Timestamp) -> Live {
        let kept = self.kept_date().filter(|_| self.was_public());
        let date = kept.filter(|kept| *kept <= from).unwrap_or(from);
        self.state.published_at = Some(date);
        self.live_at(date, from)
    }

    /// The date of the working copy, unless it comes from the schedule.
    fn kept_date(&self) -> Option<Timestamp> {
        let date = self.state.published_at;
        match &self.state.status {
            Status::Scheduled { .. } if !self.was_public() => None,
            Status::Scheduled { live: planned, .. }
            | Status::Published {
                next: Some(planned),
                ..
            } => date.filter(|date| *date != planned.from),
            _ => date,
        }
    }

    fn unscheduled(mut self) -> Self {
        self.state.published_at = self.kept_date();
        self.state.status = match self.state.status {
            Status::Published { live, .. } => Status::Published {
                live,
                next: None,
                until: None,
            },
            Status::Scheduled { .. } => return self.withdrawn(Status::Draft),
            other => other,
        };
        self
    }

    fn archived(mut self) -> Self {
        self.state.published_at = self.kept_date();
        if let Status::Published { live, .. } = self.state.status {
            self.state.status = Status::Archived { live };
        }
        self
    }

    /// The date of a publication.
    fn publication_date(&self, wanted: Option<Timestamp>, now: Timestamp) -> Result<Timestamp> {
        let date = wanted.or(self.kept_date()).unwrap_or(now);
        if date > now {
            let detail = "must not be in the future. Use the schedule operation to publish later.";
            return Err(FieldErrors::one("/published_at", Code::OutOfRange, detail).into());
        }
        Ok(date)
    }

    /// Removes the public copy and the schedule. The post keeps its public addresses.
    fn withdrawn(mut self, status: Status) -> Self {
        self.retire_live_address();
        self.state.published_at = self.kept_date();
        self.state.status = status;
        self
    }

    fn retire_live_address(&mut self) {
        if let Some(live) = self.live().cloned() {
            self.state.add_past_address(&live.address);
        }
    }
}

fn require_few_addresses(past: usize) -> Result<()> {
    if past <= MAX_PAST_ADDRESSES {
        return Ok(());
    }
    let detail =
        format!("must not change again: a post keeps at most {MAX_PAST_ADDRESSES} past addresses");
    Err(FieldErrors::one("/slug", Code::TooLong, detail).into())
}

impl Schedule {
    /// Fails unless the times are given, in the future and in order.
    fn check(self, now: Timestamp) -> Result<()> {
        let mut errors = FieldErrors::default();
        let mut reject = |pointer: &str, code, detail: &str| {
            errors.push(pointer, ValueError::new(code, detail));
        };
        if self == Self::default() {
            let detail = "is required if unpublish_at is missing";
            reject("/publish_at", Code::Required, detail);
        }
        if self.publish_at.is_some_and(|at| at <= now) {
            let detail = "must be in the future. Use the publish operation to publish now.";
            reject("/publish_at", Code::OutOfRange, detail);
        }
        if self.unpublish_at.is_some_and(|until| until <= now) {
            let detail = "must be in the future. Use the unpublish operation to unpublish now.";
            reject("/unpublish_at", Code::OutOfRange, detail);
        }
        let both = self.publish_at.zip(self.unpublish_at);
        if both.is_some_and(|(at, until)| until <= at) {
            let detail = "must be later than publish_at";
            reject("/unpublish_at", Code::OutOfRange, detail);
        }
        errors.into_result()
    }
}
