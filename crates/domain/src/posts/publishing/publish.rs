//! The use cases that change a post's status. `publication` computes the new states.

use super::publication::TransitionRequest;
use crate::{
    access::Caller,
    audit_action::AuditAction,
    error::{Error, Result},
    posts::{
        Conflict, Live, LiveCopy, Post, Posts, RenderedPost, Schedule, Transition, WorkingCopy,
        WriteResult, missing_images, permissions::authorize_change,
    },
    retry::retry_on_conflict,
    text_work::Budget,
    values::{Note, PostId, Timestamp, VersionTag},
    writes::{WriteContext, WriteOutcome},
};

impl Posts {
    /// Publishes the working copy. Its date is `published_at`, or the date of the working copy, or
    /// now.
    ///
    /// # Errors
    /// As [`update`](Self::update), because the publication claims the names of the post;
    /// [`Error::Forbidden`] for an earlier date without the permission to backdate, [`Error::Invalid`] for a
    /// date in the future.
    pub async fn publish(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        published_at: Option<Timestamp>,
    ) -> Result<WriteResult> {
        let request = TransitionRequest::Publish { published_at };
        self.apply_transition(caller, id, base, request).await
    }

    /// Schedules the publication of the working copy and the removal of the public copy. Neither needs
    /// a background task.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::Invalid`] for a schedule that is empty, in the past or
    /// in the wrong order.
    pub async fn schedule(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        schedule: Schedule,
    ) -> Result<WriteResult> {
        let request = TransitionRequest::Schedule(schedule);
        self.apply_transition(caller, id, base, request).await
    }

    /// Requests changes to the working copy, with a note for its authors.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn request_changes(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        note: Option<Note>,
    ) -> Result<WriteResult> {
        let request = TransitionRequest::RequestChanges { note };
        self.apply_transition(caller, id, base, request).await
    }

    /// Applies a transition without parameters: all but `Edit`, `Publish`, `Schedule` and `Purge`.
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
        let request = TransitionRequest::Plain(transition);
        self.apply_transition(caller, id, base, request).await
    }

    /// Permanently deletes a post from the trash with its history, and releases its names.
    ///
    /// # Errors
    /// As [`update`](Self::update), except those about names and idempotency keys.
    pub async fn purge(&self, caller: &Caller, id: PostId, base: VersionTag) -> Result<()> {
        retry_on_conflict(async || {
            let (found, now) = self.prepare(caller, id, base, Transition::Purge).await?;
            authorize_change(caller, Some(&found.post), None)?;
            let context = caller.context(AuditAction::PurgePost, self.ports.ids.as_ref(), now);
            let outcome = self.ports.store.remove(&context, &found.post).await?;
            Ok(outcome.applied(()))
        })
        .await
    }

    /// Applies a transition to the state `base`. A concurrent edit surfaces as [`Error::Stale`] on
    /// re-read; a concurrent relocation is retried silently, because it keeps the version.
    async fn apply_transition(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        request: TransitionRequest,
    ) -> Result<WriteResult> {
        let transition =
            retry_on_conflict(async || self.try_transition(caller, id, base, &request).await);
        let transition = Box::pin(transition);
        self.idempotent(caller, transition).await
    }

    /// Returns `None` after a conflict.
    async fn try_transition(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        request: &TransitionRequest,
    ) -> Result<Option<RenderedPost>> {
        let transition = request.transition();
        let (found, now) = self.prepare(caller, id, base, transition).await?;
        let before = found.post;
        let next = WorkingCopy {
            post: before.after(request, now)?,
            manuscript: found.manuscript,
        };
        authorize_change(caller, Some(&before), Some(&next.post))?;
        let next = match transition {
            Transition::Publish
            | Transition::Schedule
            | Transition::Unschedule
            | Transition::Archive => self.render_copy(caller.into(), next).await?,
            _ => self.render_for_answer(caller.into(), next).await?,
        };
        let context = caller.context(transition.action(), self.ports.ids.as_ref(), now);
        let written = match transition {
            Transition::Publish => self.publish_copies(&context, &before, &next, None).await,
            Transition::Schedule | Transition::Unschedule | Transition::Archive => {
                let kept = before.live();
                self.publish_copies(&context, &before, &next, kept).await
            }
            _ => {
                let store = &self.ports.store;
                store.update(&context, &before, &next.copy.post, &[]).await
            }
        };
        match written {
            Ok(outcome) => Ok(outcome.applied(next)),
            Err(error) => Err(self.with_free_slugs(error).await),
        }
    }

    /// Finds the post in the state `base` and checks permissions and status. Returns it with the
    /// time as of which the checks hold, which becomes the time of the write.
    async fn prepare(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        transition: Transition,
    ) -> Result<(WorkingCopy, Timestamp)> {
        let WorkingCopy { post, manuscript } = self.find_permitted(caller, id, transition).await?;
        // A scheduled time can pass between the read and the write.
        let now = self.write_time(&post);
        let post = post.at(now);
        let found = WorkingCopy { post, manuscript };
        if found.post.tag() != base {
            return Err(stale(base, &found));
        }
        found.post.require(transition)?;
        Ok((found, now))
    }

    /// Writes the public copies: those of the working copy, and `kept` unchanged in its phase.
    ///
    /// Missing images are recorded before the write and looked up again after it, so that a
    /// concurrent upload is not missed.
    async fn publish_copies(
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
        let missing = missing_images(source, &next.rendition.references, &self.base_path);
        store.add_missing_images(post.state.id, &missing).await?;
        self.record_links(post.state.id, &next.rendition).await?;
        let outcome = store.update(context, before, post, &copies).await?;
        if outcome == WriteOutcome::Applied {
            self.rerender_published(post.state.id, &missing).await;
        }
        Ok(outcome)
    }

    /// The public copy of each phase. Returns `None` if the post was written concurrently.
    async fn copies(
        &self,
        before: &Post,
        next: &RenderedPost,
        kept: Option<&Live>,
        now: Timestamp,
    ) -> Result<Option<Vec<LiveCopy>>> {
        let status = &next.copy.post.state.status;
        let mut copies = Vec::new();
        for phase in status.phases() {
            if kept != Some(phase.value) {
                next.rendition.require_complete()?;
                let RenderedPost { copy, rendition } = next;
                let (post, text, html) = (&copy.post, &copy.manuscript, &rendition.html);
                copies.push(LiveCopy::of(post, text, html, phase.value, now));
                continue;
            }
            let current = self.ports.store.find_live_copies(before).await?;
            let Some(copy) = current.and_then(|copies| copies.into_iter().next()) else {
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

/// The conflict of a transition. A transition changes no content, so no field conflicts.
fn stale(base: VersionTag, current: &WorkingCopy) -> Error {
    let budget = Budget::default();
    let conflict = Conflict::between(base.revision, None, current, current, &budget);
    Error::Stale(Box::new(conflict))
}
