//! The transitions of a post's life as use cases. What each makes of a post is in `publication`.

use super::{publication::Step, rendering::missing_images, Conflict, Live, LiveCopy, Plan, Post, Posts, RenderedPost, Transition, WorkingCopy, WriteResult};
use crate::{access::{Caller, Permission}, audit::AuditAction, error::{Error, Result}, values::{PostId, Timestamp, VersionTag}, writes::{WriteContext, WriteOutcome}};

/// How often a step is tried that something else than an author's write got in the way of.
pub(super) const ATTEMPTS: usize = 5;

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
    ) -> Result<WriteResult> {
        let step = Step::Publish { published_at };
        self.once(caller, self.take(caller, id, base, step)).await
    }

    /// Plans when the working copy becomes public, or replaces what is, and when that vanishes.
    /// Nothing has to run at that moment.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::Invalid`] for a plan that is empty, past or upside down.
    pub async fn schedule(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        plan: Plan,
    ) -> Result<WriteResult> {
        let step = Step::Schedule(plan);
        self.once(caller, self.take(caller, id, base, step)).await
    }

    /// Does anything to a post's standing that needs no further word: all but editing, publishing,
    /// scheduling and purging it.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn transition(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        transition: Transition,
    ) -> Result<WriteResult> {
        let step = Step::Plain(transition);
        self.once(caller, self.take(caller, id, base, step)).await
    }

    /// Removes a post from the trash for ever, with its history, and gives its names back.
    ///
    /// # Errors
    /// As [`update`](Self::update), but for names and keys.
    pub async fn purge(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let (found, now) = self.ready(caller, id, base, Transition::Purge).await?;
            let context = caller.context(AuditAction::PurgePost, self.ports.ids.as_ref(), now);
            match self.ports.store.remove(&context, &found.post).await? {
                WriteOutcome::Applied => return Ok(()),
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    /// The post at that state, when the caller may do this to it and its status allows it; and the
    /// moment as of which that holds, which is the moment of the act.
    async fn ready(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        transition: Transition,
    ) -> Result<(WorkingCopy, Timestamp)> {
        let WorkingCopy { post, manuscript } = self.permitted(caller, id, transition).await?;
        // A planned moment may have come since it was read.
        let now = self.ports.clock.now();
        let post = post.at(now);
        let found = WorkingCopy { post, manuscript };
        if found.post.tag() != base {
            return Err(outrun(base, &found));
        }
        found.post.require(transition)?;
        if transition == Transition::Trash && !found.post.state.status.phases().is_empty() {
            // It takes away what is public, or planned to be, too.
            let (own, any) = Transition::Unpublish.permissions();
            caller.require_for(found.post.state.owner_id, own, any)?;
        }
        Ok((found, now))
    }

    /// Takes a step from the state `base`. Who was outrun by an author is told so when the post is
    /// read again; who was outrun by an operation, which left the state as it is, is not.
    async fn take(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        step: Step,
    ) -> Result<RenderedPost> {
        for _ in 0..ATTEMPTS {
            if let Some(shown) = self.attempt(caller, id, base, step).await? {
                return Ok(shown);
            }
        }
        Err(Error::Contended)
    }

    /// One attempt at a step; none came of it when the post was written meanwhile.
    async fn attempt(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        step: Step,
    ) -> Result<Option<RenderedPost>> {
        let (found, now) = self.ready(caller, id, base, step.transition()).await?;
        let before = found.post;
        let next = WorkingCopy {
            post: before.after(step, caller, now)?,
            manuscript: found.manuscript,
        };
        let next = self.shown(next).await?;
        let context = caller.context(step.transition().action(), self.ports.ids.as_ref(), now);
        let commit = match step {
            Step::Publish { .. } => self.bring_out(&context, &before, &next, None).await?,
            Step::Schedule(_) | Step::Plain(Transition::Unschedule | Transition::Archive) => {
                let kept = before.live();
                self.bring_out(&context, &before, &next, kept).await?
            }
            Step::Plain(_) => {
                let store = &self.ports.store;
                store.update(&context, &before, &next.copy.post, &[]).await?
            }
        };
        Ok(match commit {
            WriteOutcome::Applied => Some(next),
            WriteOutcome::Conflict => None,
        })
    }

    /// Writes what the public gets: the working copy, and, in its phase, what is `kept` as it is.
    /// What is lacking is noted before, and looked for once more afterwards.
    async fn bring_out(
        &self,
        context: &WriteContext,
        before: &Post,
        next: &RenderedPost,
        kept: Option<&Live>,
    ) -> Result<WriteOutcome> {
        let (store, post) = (&self.ports.store, &next.copy.post);
        let Some(copies) = self.copies(before, next, kept, context.at).await? else {
            return Ok(WriteOutcome::Conflict);
        };
        let source = post.content.source.as_ref();
        let missing = missing_images(source, &next.rendition.references);
        store.begin_waiting(post.state.id, &missing).await?;
        let commit = store.update(context, before, post, &copies).await?;
        if commit == WriteOutcome::Applied {
            // The publication stands, whatever comes of this; the notes bring the images in later.
            let _ = self.look_again(post.state.id, &missing).await;
        }
        Ok(commit)
    }

    /// What the public gets in each phase. None when the post was written meanwhile.
    async fn copies(
        &self,
        before: &Post,
        next: &RenderedPost,
        kept: Option<&Live>,
        now: Timestamp,
    ) -> Result<Option<Vec<LiveCopy>>> {
        let status = &next.copy.post.state.status;
        let phases = status.phases();
        let mut copies = Vec::new();
        for phase in &phases {
            if kept != Some(phase.what) {
                copies.push(LiveCopy::of(next, phase.what, now));
                continue;
            }
            let known = self.ports.store.find_copies(before).await?;
            let Some(copy) = known.and_then(|copies| copies.into_iter().next()) else {
                return Ok(None);
            };
            copies.push(LiveCopy {
                archived: status.listed().is_none(),
                ..copy
            });
        }
        Ok(Some(copies))
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
            Self::Publish | Self::Schedule | Self::Unschedule | Self::Unpublish | Self::Archive => {
                (Permission::PublishOwnPosts, Permission::PublishAnyPosts)
            }
            Self::Purge => (Permission::PurgePosts, Permission::PurgePosts),
            Self::Trash | Self::Untrash => (Permission::TrashOwnPosts, Permission::TrashAnyPosts),
        }
    }

    fn action(self) -> AuditAction {
        match self {
            Self::Edit | Self::Submit | Self::RequestChanges => AuditAction::UpdatePost,
            Self::Publish => AuditAction::PublishPost,
            Self::Schedule => AuditAction::SchedulePost,
            Self::Unschedule => AuditAction::UnschedulePost,
            Self::Unpublish => AuditAction::UnpublishPost,
            Self::Archive => AuditAction::ArchivePost,
            Self::Purge => AuditAction::PurgePost,
            Self::Trash => AuditAction::TrashPost,
            Self::Untrash => AuditAction::UntrashPost,
        }
    }
}
