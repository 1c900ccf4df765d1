//! Updates working copies. Each use case checks permissions, computes the next state and passes both
//! states to the store as one atomic change.

use super::merge::merge;
use crate::{
    access::Caller,
    audit_action::AuditAction,
    error::{Error, Result},
    posts::{
        Conflict, DiffState, Merged, MergedFrom, PackedManuscript, PostPatch, Posts, RenderedPost,
        RevisionCopy, Saved, Transition, WorkingCopy, WriteResult, permissions::authorize_change,
    },
    retry::retry_on_conflict,
    text_work::{Budget, on_workers},
    values::{PostId, Revision, VersionTag},
    writes::WriteOutcome,
};

/// The handling of a change that is based on an outdated revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnConflict {
    Reject,
    Merge,
}

impl Posts {
    /// Changes the working copy of a post in the state `base`.
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
        let edit = Box::pin(self.edit(caller, id, base, patch, OnConflict::Reject));
        self.idempotent(caller, edit).await
    }

    /// Changes the working copy of a post in the state `base`. If the post has changed since, merges
    /// both changes: fields as a whole, the body line by line. Overlapping changes are a conflict.
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
        let edit = Box::pin(self.edit(caller, id, base, patch, OnConflict::Merge));
        self.idempotent(caller, edit).await
    }

    async fn edit(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        mut patch: PostPatch,
        on_conflict: OnConflict,
    ) -> Result<WriteResult> {
        let note = patch.note.take();
        retry_on_conflict(async || {
            let found = self.find_permitted(caller, id, Transition::Edit).await?;
            let (wanted, started) = if found.post.tag() == base {
                (patch.clone().apply(&found)?, None)
            } else {
                let (merged, started) = self
                    .rebase(caller, base, &found, &patch, on_conflict)
                    .await?;
                (merged, Some(started))
            };
            found.post.require(Transition::Edit)?;
            let saved = Saved {
                merged_from: started.as_ref().map(|started| started.row.revision),
                ..Saved::new(&wanted.manuscript, note.clone())
            };
            let rendered = self
                .save(caller, AuditAction::UpdatePost, &found, wanted, saved)
                .await?;
            let Some(rendered) = rendered else {
                return Ok(None);
            };
            let merged = match started {
                Some(started) => Some(self.merged_with(caller, started, found).await),
                None => None,
            };
            Ok(Some(WriteResult {
                rendered,
                merged,
                replayed: false,
            }))
        })
        .await
    }

    /// Applies a stale patch to the current copy. Returns the result with the revision that the patch
    /// was based on; [`Error::Stale`] if the edits overlap or `on_conflict` is not `Merge`.
    async fn rebase(
        &self,
        caller: &Caller,
        base: VersionTag,
        current: &WorkingCopy,
        patch: &PostPatch,
        on_conflict: OnConflict,
    ) -> Result<(WorkingCopy, RevisionCopy)> {
        let wanted = self.resolved(patch.clone().apply(current)?).await?;
        let (history, id) = (&self.ports.history, current.post.state.id);
        let started = history.find_revision(id, base.revision).await?;
        let yours = match &started {
            Some(started) => {
                let yours = patch.clone().apply(&started.with_state_of(&current.post))?;
                Some(self.resolved(yours).await?)
            }
            None => None,
        };
        let (current, size) = (current.clone(), 3 * current.manuscript.body.len());
        let work = move |budget: &Budget| {
            let sides = started.as_ref().zip(yours.as_ref());
            let merged = sides.and_then(|(base, yours)| merge(base, &current, yours, budget));
            match (merged, started, on_conflict) {
                (Some(merged), Some(started), OnConflict::Merge) => Ok(Ok((merged, started))),
                (merged, started, _) => Ok(Err(Box::new(Conflict {
                    is_mergeable: merged.is_some(),
                    ..Conflict::between(base.revision, started.as_ref(), &current, &wanted, budget)
                }))),
            }
        };
        let merged = on_workers(&*self.ports.renderer, caller.into(), size, work);
        merged.await?.map_err(Error::Stale)
    }

    /// The concurrent changes that a write was merged with. The write has been applied, so a failure is
    /// no error.
    pub(in crate::posts) async fn merged_with(
        &self,
        caller: &Caller,
        base: RevisionCopy,
        theirs: impl DiffState,
    ) -> Merged {
        let diff = self.compare(caller, base, theirs).await;
        diff.map_or(Merged::WithUnknown, |diff| Merged::With(Box::new(diff)))
    }

    /// Returns the copy with the current names of merged categories and renamed tags, so that an old
    /// name in a patch does not count as a change.
    async fn resolved(&self, mut copy: WorkingCopy) -> Result<WorkingCopy> {
        let content = &mut copy.post.content;
        self.ports.store.resolve_aliases(content).await?;
        Ok(copy)
    }

    /// Saves `wanted` as the state after `found`, for edits and restorations alike. Keeps the version if
    /// nothing changes. Returns `None` after a conflict.
    pub(in crate::posts) async fn save(
        &self,
        caller: &Caller,
        action: AuditAction,
        found: &WorkingCopy,
        wanted: WorkingCopy,
        saved: Saved,
    ) -> Result<Option<RenderedPost>> {
        let now = self.write_time(&found.post);
        let copy = self
            .resolved(WorkingCopy {
                post: wanted.post.advanced(now),
                manuscript: wanted.manuscript,
            })
            .await?;
        if saved.restored_from.is_none() && is_unchanged(&copy, found) {
            return self.keep(caller, action, found, saved.merged_from).await;
        }
        // Render first: a refused text must not be stored.
        let is_rendered = !renders_as(&copy, found);
        let RenderedPost {
            mut copy,
            rendition,
        } = if is_rendered {
            let rendered = self.render_copy(caller.into(), copy).await?;
            rendered.rendition.require_complete()?;
            rendered
        } else {
            self.render_for_answer(caller.into(), copy).await?
        };
        let text = self.revise(found, &mut copy, &saved).await?;
        authorize_change(caller, Some(&found.post), Some(&copy.post))?;
        let contents = (Some(&found.post.content), &copy.post.content);
        let new_text = is_rendered.then_some(&rendition);
        self.record_uses(copy.post.state.id, contents, new_text)
            .await?;
        let context = caller.context(action, self.ports.ids.as_ref(), now);
        let (store, text) = (&self.ports.store, text.as_ref());
        let written = store.save(&context, &found.post, &copy.post, &saved, text);
        match written.await {
            Ok(WriteOutcome::Applied) => {
                self.prune_revisions(&copy.post, now).await;
                Ok(Some(RenderedPost { copy, rendition }))
            }
            Ok(WriteOutcome::Conflict) => Ok(None),
            Err(error) => Err(self.with_free_slugs(error).await),
        }
    }

    /// Answers a write that changes nothing. Records the request if it has an idempotency key. Returns `None`
    /// after a conflict.
    async fn keep(
        &self,
        caller: &Caller,
        action: AuditAction,
        found: &WorkingCopy,
        merged_from: Option<Revision>,
    ) -> Result<Option<RenderedPost>> {
        let context = caller.context(action, self.ports.ids.as_ref(), self.ports.clock.now());
        if context.idempotency.is_some() {
            let merged = merged_from.map(|base| MergedFrom {
                base,
                theirs: found.post.state.revision,
            });
            let recorded = self.ports.store.remember(&context, &found.post, merged);
            if recorded.await? == WriteOutcome::Conflict {
                return Ok(None);
            }
        }
        let kept = self.render_for_answer(caller.into(), found.clone());
        kept.await.map(Some)
    }

    /// Increments the revision if the content has changed. Returns the packed manuscript if it has
    /// changed.
    async fn revise(
        &self,
        found: &WorkingCopy,
        next: &mut WorkingCopy,
        saved: &Saved,
    ) -> Result<Option<PackedManuscript>> {
        // A restored manuscript is stored again, so that each manuscript belongs to consecutive
        // revisions and can be deleted with the last of them.
        let is_rewritten = saved.restored_from.is_some() || next.manuscript != found.manuscript;
        if is_rewritten || next.post.content != found.post.content {
            next.post.state.revision = found.post.state.revision.next();
        }
        if !is_rewritten {
            return Ok(None);
        }
        let (write, post) = (self.ports.ids.next(), &mut next.post);
        let store = &self.ports.store;
        let revision = post.state.revision;
        let packed = store
            .pack_manuscript(revision, write, &post.content, &next.manuscript)
            .await?;
        post.text = packed.text;
        Ok(Some(packed))
    }
}

fn is_unchanged(copy: &WorkingCopy, found: &WorkingCopy) -> bool {
    copy.post.content == found.post.content
        && copy.manuscript == found.manuscript
        && copy.post.state.published_at == found.post.state.published_at
}

/// Whether two copies have the same rendition: the text, and the file in whose folder its images are.
fn renders_as(copy: &WorkingCopy, other: &WorkingCopy) -> bool {
    copy.manuscript == other.manuscript && copy.post.content.source == other.post.content.source
}
