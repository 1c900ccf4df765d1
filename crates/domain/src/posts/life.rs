//! The transitions of a post's life as use cases. What each makes of a post is in `publication`.

use super::{
    Commit, Conflict, Effect, LiveCopy, Post, Posts, Shown, Transition, WorkingCopy,
    publication::Step, rendering::missing_images,
};
use crate::{
    access::{Caller, Permission},
    act::{Act, Action},
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
    ) -> Result<Shown> {
        let transition = step.transition;
        let found = self.permitted(caller, id, transition).await?;
        if found.post.tag() != base {
            return Err(outrun(base, &found));
        }
        found.post.require(transition)?;
        if transition == Transition::Trash && found.post.live().is_some() {
            // It takes away what is public, too.
            let (own, any) = Transition::Unpublish.permissions();
            caller.require_for(found.post.standing.owner_id, own, any)?;
        }
        let now = self.ports.clock.now();
        let post = found.post.after(step, caller, now)?;
        let next = WorkingCopy {
            post,
            manuscript: found.manuscript,
        };
        let next = self.shown(next).await?;
        let act = caller.act(transition.action(), self.ports.ids.as_ref(), now);
        let live = next
            .copy
            .post
            .live()
            .filter(|_| transition == Transition::Publish);
        let commit = if let Some(live) = live {
            let copy = LiveCopy::of(&next, live, now);
            self.bring_out(&act, &found.post, &next, &copy).await?
        } else {
            let store = &self.ports.store;
            store
                .update(&act, &found.post, &next.copy.post, None)
                .await?
        };
        match commit {
            Commit::Done => Ok(next),
            Commit::Stale => {
                let current = self.ports.store.find(id).await?;
                Err(outrun(
                    base,
                    &current.ok_or(Error::NotFound(Resource::Post))?,
                ))
            }
        }
    }

    /// Writes a publication. What it lacks is noted before, and looked for once more afterwards.
    async fn bring_out(
        &self,
        act: &Act,
        before: &Post,
        next: &Shown,
        copy: &LiveCopy,
    ) -> Result<Commit> {
        let id = next.copy.post.standing.id;
        let missing = missing_images(
            next.copy.post.content.source.as_ref(),
            &next.rendition.references,
        );
        self.ports.store.begin_waiting(id, &missing).await?;
        let commit = self
            .ports
            .store
            .update(act, before, &next.copy.post, Some(copy))
            .await?;
        if commit == Commit::Done {
            // The publication stands, whatever comes of this; the notes bring the images in later.
            let _ = self.look_again(id, &missing).await;
        }
        Ok(commit)
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
