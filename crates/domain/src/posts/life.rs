//! The transitions of a post's life as use cases. What each makes of a post is in `publication`.

use super::{
    Commit, Conflict, Effect, LiveCopy, Posts, Transition, WorkingCopy, publication::Step,
};
use crate::{
    access::{Caller, Permission},
    act::Action,
    error::{Error, Resource, Result},
    values::{PostId, Timestamp, VersionTag},
};

impl Posts {
    /// Makes the working copy public, dated `published_at`, else as it was dated before, else now.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::Forbidden`] for a date in the past without the
    /// permission, [`Error::Invalid`] for one in the future.
    pub async fn publish(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        published_at: Option<Timestamp>,
    ) -> Result<Effect> {
        let step = Step {
            transition: Transition::Publish,
            published_at,
        };
        self.once(caller, self.take(caller, id, base, step)).await
    }

    /// Does anything to a post's standing that needs no further word: all but editing it and
    /// publishing it under a certain date.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn transition(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        transition: Transition,
    ) -> Result<Effect> {
        let step = Step {
            transition,
            published_at: None,
        };
        self.once(caller, self.take(caller, id, base, step)).await
    }

    async fn take(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        step: Step,
    ) -> Result<WorkingCopy> {
        let transition = step.transition;
        let found = self.permitted(caller, id, transition).await?;
        if found.post.standing.version != base.version {
            return Err(outrun(base, &found));
        }
        found.post.require(transition)?;
        let now = self.clock.now();
        let next = WorkingCopy {
            post: found.post.after(step, caller, now)?,
            manuscript: found.manuscript,
        };
        let copy = match (transition, next.post.live()) {
            (Transition::Publish, Some(live)) => Some(LiveCopy::of(&next, live, now)),
            _ => None,
        };
        let act = caller.act(transition.action(), self.ids.as_ref(), now);
        match self
            .store
            .update(&act, &found.post, &next.post, copy.as_ref())
            .await?
        {
            Commit::Done => Ok(next),
            Commit::Stale => {
                let current = self
                    .store
                    .find(id)
                    .await?
                    .ok_or(Error::NotFound(Resource::Post))?;
                Err(outrun(base, &current))
            }
        }
    }
}

/// A transition came too late. It wants no member changed, so none collides.
fn outrun(base: VersionTag, current: &WorkingCopy) -> Error {
    Error::Stale(Box::new(Conflict::between(
        base.revision,
        None,
        current,
        current,
    )))
}

impl Transition {
    /// What it takes to do this to one's own post, and to anybody's.
    pub(super) fn permissions(self) -> (Permission, Permission) {
        match self {
            Self::Edit | Self::Submit => (Permission::EditOwnPosts, Permission::EditAnyPosts),
            Self::RequestChanges => (Permission::EditAnyPosts, Permission::EditAnyPosts),
            Self::Publish | Self::Unpublish => {
                (Permission::PublishOwnPosts, Permission::PublishAnyPosts)
            }
            Self::Trash | Self::Untrash => (Permission::TrashOwnPosts, Permission::TrashAnyPosts),
        }
    }

    fn action(self) -> Action {
        match self {
            Self::Edit | Self::Submit | Self::RequestChanges => Action::UpdatePost,
            Self::Publish => Action::PublishPost,
            Self::Unpublish => Action::UnpublishPost,
            Self::Trash => Action::TrashPost,
            Self::Untrash => Action::UntrashPost,
        }
    }
}
