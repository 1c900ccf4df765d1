//! Writing: each use case checks who asks, derives the next post from the present one, and
//! hands both to the store as one atomic change.

use super::{life::ATTEMPTS, merge::merge, idempotency::Written, Conflict, Diff, Merged, NewPost, Post, PostPatch, PostState, Posts, RenderedPost, RevisionCopy, Saved, Transition, WorkingCopy, WriteResult};
use crate::{access::{Caller, Permission}, audit::AuditAction, error::{Error, Resource, Result}, values::{PostId, Revision, VersionTag}, writes::WriteOutcome};

/// What becomes of a change that is based on an older state than the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Late {
    /// It is refused.
    Refused,
    /// It is merged with what happened meanwhile where both do not meet, else refused.
    Merged,
}

impl Posts {
    /// Creates a post as a draft.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::SlugTaken`], [`Error::Taken`], [`Error::Invalid`],
    /// [`Error::KeyReused`].
    pub async fn create(&self, caller: &Caller, new: NewPost) -> Result<WriteResult> {
        caller.require(Permission::CreatePosts)?;
        self.once(caller, self.insert(caller, new)).await
    }

    async fn insert(&self, caller: &Caller, mut new: NewPost) -> Result<RenderedPost> {
        let (now, id) = (self.ports.clock.now(), PostId::new(self.ports.ids.next()));
        let (published_at, note) = (new.published_at, new.note.take());
        let (mut content, manuscript) = new.content(&self.default_locale)?;
        let state = PostState::of_draft(id, caller.user_id, published_at, now);
        // Before anything is written: what fails here leaves nothing behind.
        let rendition = self.rendition(content.source.as_ref(), &manuscript).await?;
        let (store, saved) = (&self.ports.store, Saved::plainly(&manuscript, note));
        for _ in 0..ATTEMPTS {
            store.bring_up_to_date(&mut content).await?;
            let write = (Revision::FIRST, self.ports.ids.next());
            let text = store
                .write_manuscript(id, write, &content, &manuscript)
                .await?;
            let post = Post {
                state: state.clone(),
                content: content.clone(),
                text,
            };
            let context = caller.context(AuditAction::CreatePost, self.ports.ids.as_ref(), now);
            match store.insert(&context, &post, &saved).await {
                Ok(WriteOutcome::Applied) => {
                    return Ok(RenderedPost {
                        copy: WorkingCopy { post, manuscript },
                        rendition,
                    });
                }
                // Something under which it is filed was merged just now.
                Ok(WriteOutcome::Conflict) => {}
                Err(error) => return Err(self.suggesting(error).await),
            }
        }
        Err(Error::Contended)
    }

    /// Changes the working copy of the post that `base` describes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Stale`], [`Error::IllegalTransition`],
    /// [`Error::SlugTaken`], [`Error::Taken`], [`Error::Invalid`], [`Error::KeyReused`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        patch: PostPatch,
    ) -> Result<WriteResult> {
        let edit = Box::pin(self.edit(caller, id, base, patch, Late::Refused));
        self.once(caller, edit).await
    }

    /// Changes the working copy of the post that `base` describes, and where the post is another
    /// by now, merges the change with what happened meanwhile. Members are merged whole, the body
    /// line by line; what meets is a conflict.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn update_merging(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        patch: PostPatch,
    ) -> Result<WriteResult> {
        let edit = Box::pin(self.edit(caller, id, base, patch, Late::Merged));
        self.once(caller, edit).await
    }

    /// Edits the state `base`, as [`take`](Self::take) takes a step from it.
    async fn edit(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        mut patch: PostPatch,
        late: Late,
    ) -> Result<Written> {
        let note = patch.note.take();
        let mut found = self.permitted(caller, id, Transition::Edit).await?;
        for _ in 0..ATTEMPTS {
            let (wanted, started) = if found.post.tag() == base {
                (patch.clone().apply(&found)?, None)
            } else {
                let (wanted, started) = self.catch_up(base, &found, &patch, late).await?;
                (wanted, Some(started))
            };
            found.post.require(Transition::Edit)?;
            require_publisher(caller, &found.post, &wanted.post)?;
            let saved = Saved {
                merged_from: started.as_ref().map(|started| started.row.revision),
                ..Saved::plainly(&wanted.manuscript, note.clone())
            };
            if let Some(shown) = self
                .save(caller, AuditAction::UpdatePost, &found, wanted, saved)
                .await?
            {
                let theirs = |started| Merged::With(Box::new(Diff::between(started, &found)));
                let merged = started.as_ref().map(theirs);
                return Ok(Written { shown, merged });
            }
            found = self.there(id).await?;
        }
        Err(Error::Contended)
    }

    /// A late change on top of what is there now, with the revision from which it started; the
    /// conflict, where both meet or nothing shall be merged.
    async fn catch_up(
        &self,
        base: VersionTag,
        current: &WorkingCopy,
        patch: &PostPatch,
        late: Late,
    ) -> Result<(WorkingCopy, RevisionCopy)> {
        let wanted = self.understood(patch.clone().apply(current)?).await?;
        let (history, id) = (&self.ports.history, current.post.state.id);
        let started = history.find_revision(id, base.revision).await?;
        let merged = match &started {
            Some(started) => {
                let yours = patch.clone().apply(&started.standing_as(&current.post))?;
                merge(started, current, &self.understood(yours).await?)
            }
            None => None,
        };
        match (merged, started, late) {
            (Some(merged), Some(started), Late::Merged) => Ok((merged, started)),
            (merged, started, _) => {
                let told = Conflict::between(base.revision, started.as_ref(), current, &wanted);
                Err(Error::Stale(Box::new(Conflict {
                    is_mergeable: merged.is_some(),
                    ..told
                })))
            }
        }
    }

    /// What was written, as it is understood by now: an old name of what was merged or renamed is
    /// no change of it.
    async fn understood(&self, mut written: WorkingCopy) -> Result<WorkingCopy> {
        let content = &mut written.post.content;
        self.ports.store.bring_up_to_date(content).await?;
        Ok(written)
    }

    /// Writes `wanted` as the state after `found`; none when somebody else was faster.
    pub(super) async fn save(
        &self,
        caller: &Caller,
        action: AuditAction,
        found: &WorkingCopy,
        wanted: WorkingCopy,
        saved: Saved,
    ) -> Result<Option<RenderedPost>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let mut next = WorkingCopy {
            post: wanted.post.advanced(now),
            manuscript: wanted.manuscript,
        };
        store.bring_up_to_date(&mut next.post.content).await?;
        let source = next.post.content.source.as_ref();
        // Before anything is written: what fails here leaves nothing behind.
        let rendition = self.rendition(source, &next.manuscript).await?;
        self.revise(found, &mut next, &saved).await?;
        let context = caller.context(action, self.ports.ids.as_ref(), now);
        let store = &self.ports.store;
        match store.save(&context, &found.post, &next.post, &saved).await {
            Ok(WriteOutcome::Applied) => {
                // The save stands, whatever comes of this.
                let _ = self.forget_old_revisions(&next.post, now).await;
                let copy = next;
                Ok(Some(RenderedPost { copy, rendition }))
            }
            Ok(WriteOutcome::Conflict) => Ok(None),
            Err(error) => Err(self.suggesting(error).await),
        }
    }

    /// Numbers what is about to be saved, and writes its text where that is another one.
    async fn revise(
        &self,
        found: &WorkingCopy,
        next: &mut WorkingCopy,
        saved: &Saved,
    ) -> Result<()> {
        // What is brought back is a text of its own, so that a text belongs to consecutive
        // revisions and can be forgotten with the last of them.
        let rewritten = saved.restored_from.is_some() || next.manuscript != found.manuscript;
        if rewritten || next.post.content != found.post.content {
            next.post.state.revision = found.post.state.revision.next();
        }
        if rewritten {
            let (id, revision) = (next.post.state.id, next.post.state.revision);
            let write = (revision, self.ports.ids.next());
            let store = &self.ports.store;
            next.post.text = store
                .write_manuscript(id, write, &next.post.content, &next.manuscript)
                .await?;
        }
        Ok(())
    }

    /// The post, when the caller may do this to it. Who may not read posts learns nothing of it.
    pub(super) async fn permitted(
        &self,
        caller: &Caller,
        id: PostId,
        transition: Transition,
    ) -> Result<WorkingCopy> {
        let found = self.find(caller, id).await?;
        let (own, any) = transition.permissions();
        caller.require_for(found.post.state.owner_id, own, any)?;
        Ok(found)
    }

    /// The post once more, after somebody else was faster.
    pub(super) async fn there(&self, id: PostId) -> Result<WorkingCopy> {
        let now = self.ports.clock.now();
        let found = self.ports.store.find(id, now).await?;
        found.ok_or(Error::NotFound(Resource::Post))
    }

    pub(super) async fn conflict(
        &self,
        base: VersionTag,
        current: &WorkingCopy,
        wanted: &WorkingCopy,
    ) -> Result<Error> {
        let (history, id) = (&self.ports.history, current.post.state.id);
        let state = history.find_revision(id, base.revision).await?;
        Ok(Error::Stale(Box::new(Conflict::between(
            base.revision,
            state.as_ref(),
            current,
            wanted,
        ))))
    }
}

/// Old addresses lead to a post as soon as they are saved, so who changes those of what is public,
/// or planned to be, needs what publishing needs.
fn require_publisher(caller: &Caller, found: &Post, wanted: &Post) -> Result<()> {
    let is_shown = !found.state.status.phases().is_empty();
    if !is_shown || found.content.aliases == wanted.content.aliases {
        return Ok(());
    }
    let (own, any) = Transition::Publish.permissions();
    caller.require_for(found.state.owner_id, own, any)
}
