//! What each transition makes of a post: pure functions from one state to the next.

use super::{Live, Post, Review, Status, Transition};
use crate::{
    access::{Caller, Permission},
    error::{FieldErrors, Result},
    values::{Code, Timestamp},
};

/// A post keeps this many past addresses when it is published; each of them costs every desk row.
const MAX_PAST_ADDRESSES: usize = 20;

/// A transition with the words that go with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// Publish, dated as wanted.
    Publish { published_at: Option<Timestamp> },
    /// Schedule.
    Schedule(Plan),
    /// Any of those that need no further word: all but editing, publishing and scheduling.
    Plain(Transition),
}

/// When something becomes public and when it vanishes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// When the working copy becomes public, or replaces what is; absent when only the end is planned.
    pub publish_at: Option<Timestamp>,
    /// When what is public vanishes; absent when it stays.
    pub unpublish_at: Option<Timestamp>,
}

impl Step {
    pub(super) fn transition(self) -> Transition {
        match self {
            Self::Publish { .. } => Transition::Publish,
            Self::Schedule(_) => Transition::Schedule,
            Self::Plain(transition) => transition,
        }
    }
}

impl Post {
    /// The post after one more accepted write, which took this step.
    pub(super) fn after(&self, step: Step, caller: &Caller, now: Timestamp) -> Result<Self> {
        let next = self.clone().advanced(now);
        match step {
            Step::Publish { published_at } => {
                let date = self.publication_date(caller, published_at, now)?;
                next.published(date, now)
            }
            Step::Schedule(plan) => next.scheduled(caller, plan, now),
            Step::Plain(transition) => Ok(match transition {
                Transition::Submit => next.reviewed(Review::Requested),
                Transition::RequestChanges => next.reviewed(Review::ChangesRequested),
                Transition::Unschedule => next.unscheduled(),
                Transition::Unpublish | Transition::Untrash => next.withdrawn(Status::Draft),
                Transition::Archive => next.archived(),
                Transition::Trash => next.withdrawn(Status::Trashed),
                Transition::Edit
                | Transition::Publish
                | Transition::Schedule
                | Transition::Purge => next,
            }),
        }
    }

    /// The post one accepted write later.
    pub(super) fn advanced(mut self, now: Timestamp) -> Self {
        self.state.version = self.state.version.next();
        self.state.updated_at = now;
        self.state.ended.clear();
        self
    }

    fn reviewed(mut self, review: Review) -> Self {
        self.state.review = review;
        self
    }

    /// The public side of the working copy.
    fn side(&self, published_at: Timestamp, from: Timestamp) -> Live {
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

    /// The post with its working copy made public. A planned end stays planned.
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
        self.state.review = Review::None;
        self.state.status = Status::Published {
            live: self.side(published_at, published_at),
            next: None,
            until,
        };
        Ok(self)
    }

    /// The post with a plan, which replaces the one that it had.
    fn scheduled(mut self, caller: &Caller, plan: Plan, now: Timestamp) -> Result<Self> {
        plan.check(now)?;
        self.state.status = match self.state.status.clone() {
            Status::Published { live, .. } => self.planned_change(caller, live, plan)?,
            _ => self.planned_publication(caller, plan)?,
        };
        self.state.review = Review::None;
        Ok(self)
    }

    /// Something is public: it changes, or vanishes.
    fn planned_change(&mut self, caller: &Caller, live: Live, plan: Plan) -> Result<Status> {
        self.state.published_at = self.kept_date();
        let side = |from| self.planned_side(caller, from);
        let next = plan.publish_at.map(side).transpose()?;
        if let Some(next) = &next {
            let past = self.state.past_addresses.iter().chain([&live.address]);
            require_few_addresses(past.filter(|past| **past != next.address).count())?;
        }
        Ok(Status::Published {
            live,
            next,
            until: plan.unpublish_at,
        })
    }

    /// Nothing is public: it appears.
    fn planned_publication(&mut self, caller: &Caller, plan: Plan) -> Result<Status> {
        let Some(from) = plan.publish_at else {
            let detail = "must be given, because nothing is public yet";
            return Err(FieldErrors::one("/publish_at", Code::Required, detail).into());
        };
        Ok(Status::Scheduled {
            live: self.planned_side(caller, from)?,
            until: plan.unpublish_at,
        })
    }

    /// The public side of the working copy from a moment on. Once it was public its date is that of
    /// the working copy, unless it would be public without being in any list, which show nothing
    /// that is dated later than now.
    fn planned_side(&mut self, caller: &Caller, from: Timestamp) -> Result<Live> {
        let kept = self.kept_date().filter(|_| self.was_public());
        let date = kept.filter(|kept| *kept <= from).unwrap_or(from);
        self.require_date(caller, date, from)?;
        self.state.published_at = Some(date);
        Ok(self.side(date, from))
    }

    /// The date of the working copy. One that a plan gave is given up with it.
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

    /// The post without its plan.
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

    /// The date of a publication. Before the moment at which the post was first public, or now if
    /// it never was, it claims to be older than it is; that takes a permission of its own.
    fn publication_date(
        &self,
        caller: &Caller,
        wanted: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Timestamp> {
        let date = wanted.or(self.kept_date()).unwrap_or(now);
        if date > now {
            let detail = "lies in the future; a post can be published now or earlier";
            return Err(FieldErrors::one("/published_at", Code::OutOfRange, detail).into());
        }
        self.require_date(caller, date, now)?;
        Ok(date)
    }

    /// Fails unless the caller may let the post, which appears `from` then on, carry this date.
    fn require_date(&self, caller: &Caller, date: Timestamp, from: Timestamp) -> Result<()> {
        let unchanged = self.live().is_some_and(|live| live.published_at == date);
        if !unchanged && date < self.state.first_published_at.unwrap_or(from) {
            caller.require(Permission::BackdatePosts)?;
        }
        Ok(())
    }

    /// The post with nothing of it public any more, and nothing planned. Its address stays its own.
    fn withdrawn(mut self, status: Status) -> Self {
        self.retire_live_address();
        self.state.published_at = self.kept_date();
        self.state.status = status;
        self
    }

    /// Lets the live address, if there is one, lead to the post from now on, wherever that goes.
    fn retire_live_address(&mut self) {
        if let Some(live) = self.live().cloned() {
            self.state.retire(&live.address);
        }
    }
}

fn require_few_addresses(past: usize) -> Result<()> {
    if past <= MAX_PAST_ADDRESSES {
        return Ok(());
    }
    let detail =
        format!("was changed too often: a post keeps at most {MAX_PAST_ADDRESSES} past addresses");
    Err(FieldErrors::one("/slug", Code::TooLong, detail).into())
}

impl Plan {
    /// What is planned must be something, lie in the future, and in its order.
    fn check(self, now: Timestamp) -> Result<()> {
        let mut errors = FieldErrors::default();
        let mut refuse = |pointer: &str, code, detail: &str| {
            errors.push(
                pointer,
                crate::values::ValueError::new(code, detail.to_owned()),
            );
        };
        if self == Self::default() {
            refuse(
                "/publish_at",
                Code::Required,
                "must be given, or unpublish_at",
            );
        }
        if self.publish_at.is_some_and(|at| at <= now) {
            let detail = "lies in the past; to make it public now, publish it";
            refuse("/publish_at", Code::OutOfRange, detail);
        }
        if self.unpublish_at.is_some_and(|until| until <= now) {
            let detail = "lies in the past; to take it away now, unpublish it";
            refuse("/unpublish_at", Code::OutOfRange, detail);
        }
        if self
            .publish_at
            .zip(self.unpublish_at)
            .is_some_and(|(at, until)| until <= at)
        {
            refuse(
                "/unpublish_at",
                Code::OutOfRange,
                "must be later than publish_at",
            );
        }
        errors.into_result()
    }
}
