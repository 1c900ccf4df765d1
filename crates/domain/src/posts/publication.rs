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
pub(super) struct Step {
    pub(super) transition: Transition,
    /// The date wanted at publication.
    pub(super) published_at: Option<Timestamp>,
}

impl Post {
    /// The post after one more accepted write, which took this step.
    pub(super) fn after(&self, step: Step, caller: &Caller, now: Timestamp) -> Result<Self> {
        let next = self.clone().advanced(now);
        match step.transition {
            Transition::Edit => Ok(next),
            Transition::Submit => Ok(next.reviewed(Review::Requested)),
            Transition::RequestChanges => Ok(next.reviewed(Review::ChangesRequested)),
            Transition::Publish => {
                let date = self.publication_date(caller, step.published_at, now)?;
                next.published(date, now)
            }
            Transition::Unpublish | Transition::Untrash => Ok(next.withdrawn(Status::Draft)),
            Transition::Trash => Ok(next.withdrawn(Status::Trashed)),
        }
    }

    /// The post one accepted write later.
    pub(super) fn advanced(mut self, now: Timestamp) -> Self {
        self.standing.version = self.standing.version.next();
        self.standing.updated_at = now;
        self
    }

    fn reviewed(mut self, review: Review) -> Self {
        self.standing.review = review;
        self
    }

    /// The post with its working copy made public.
    fn published(mut self, published_at: Timestamp, now: Timestamp) -> Result<Self> {
        let address = self.content.address.clone();
        self.retire_live_address();
        self.standing.past_addresses.retain(|past| *past != address);
        if self.standing.past_addresses.len() > MAX_PAST_ADDRESSES {
            let detail = format!(
                "was changed too often: a post keeps at most {MAX_PAST_ADDRESSES} past addresses"
            );
            return Err(FieldErrors::one("/slug", Code::TooLong, detail).into());
        }
        self.standing.published_at = Some(published_at);
        self.standing.first_published_at.get_or_insert(now);
        self.standing.review = Review::None;
        self.standing.status = Status::Published {
            live: Live {
                address,
                published_at,
                revision: self.standing.revision,
                tags: self.content.tags.clone(),
                category_ids: self.content.category_ids.clone(),
                byline_ids: self.content.byline_ids.clone(),
            },
        };
        Ok(self)
    }

    /// The date of a publication. Before the moment at which the post was first public, or now if
    /// it never was, it claims to be older than it is; that takes a permission of its own.
    fn publication_date(
        &self,
        caller: &Caller,
        wanted: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Timestamp> {
        let date = wanted.or(self.standing.published_at).unwrap_or(now);
        if date > now {
            let detail = "lies in the future; a post can be published now or earlier";
            return Err(FieldErrors::one("/published_at", Code::OutOfRange, detail).into());
        }
        let unchanged = self.live().is_some_and(|live| live.published_at == date);
        if !unchanged && date < self.standing.first_published_at.unwrap_or(now) {
            caller.require(Permission::BackdatePosts)?;
        }
        Ok(date)
    }

    /// The post with nothing of it public any more. Its address stays its own.
    fn withdrawn(mut self, status: Status) -> Self {
        self.retire_live_address();
        self.standing.status = status;
        self
    }

    /// Lets the live address, if there is one, lead to the post from now on, wherever that goes.
    fn retire_live_address(&mut self) {
        let Some(address) = self.live().map(|live| live.address.clone()) else {
            return;
        };
        if !self.standing.past_addresses.contains(&address) {
            self.standing.past_addresses.push(address);
        }
    }
}
