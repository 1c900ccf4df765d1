//! Lists, reads, compares and restores revisions.

use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::{Error, FieldErrors, Resource, Result},
    page::{Page, PageRequest},
    posts::{
        Conflict, Diff, DiffState, Posts, RenderedPost, RevisionCopy, RevisionRow, Saved,
        Transition, WriteResult,
    },
    retry::retry_on_conflict,
    text_work::{Budget, on_workers},
    values::{Note, PostId, Revision, ValueError, VersionTag},
};

impl Posts {
    /// Lists the kept revisions of a post, the newest first. Eventually consistent.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn list_revisions(
        &self,
        caller: &Caller,
        id: PostId,
        page: &PageRequest,
    ) -> Result<Page<RevisionRow>> {
        caller.require(Permission::ReadPosts)?;
        let now = self.ports.clock.now();
        let found = self.ports.history.list_revisions(id, now, page).await?;
        // Every post has a revision.
        if found.items.is_empty() && page.cursor.is_none() {
            return Err(Error::NotFound(Resource::Post));
        }
        Ok(found)
    }

    /// Returns one revision in full.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get_revision(
        &self,
        caller: &Caller,
        id: PostId,
        revision: Revision,
    ) -> Result<RevisionCopy> {
        caller.require(Permission::ReadPosts)?;
        self.find_revision(id, revision).await
    }

    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<RevisionCopy> {
        let found = self.ports.history.find_revision(id, revision).await?;
        found.ok_or(Error::NotFound(Resource::Revision))
    }

    /// Compares two revisions.
    ///
    /// # Errors
    /// As [`get_revision`](Self::get_revision), for either revision; [`Error::TooComplex`] if the bodies differ
    /// too much.
    pub async fn diff_revisions(
        &self,
        caller: &Caller,
        id: PostId,
        from: Revision,
        to: Revision,
    ) -> Result<Diff> {
        let to = self.get_revision(caller, id, to).await?;
        let from = self.find_revision(id, from).await?;
        self.compare(caller, from, to).await
    }

    /// Compares two states on the workers.
    pub(in crate::posts) async fn compare(
        &self,
        caller: &Caller,
        from: impl DiffState,
        to: impl DiffState,
    ) -> Result<Diff> {
        let size = from.body().len() + to.body().len();
        let work = move |budget: &Budget| Diff::between(&from, &to, budget);
        on_workers(&*self.ports.renderer, caller.into(), size, work).await
    }

    /// Saves the content of an earlier revision as a new revision.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::NotFound`] if the revision has been pruned,
    /// [`Error::Invalid`] if it refers to something that does not exist any more.
    pub async fn restore(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        revision: Revision,
        note: Option<Note>,
    ) -> Result<WriteResult> {
        let restoration = Box::pin(retry_on_conflict(async || {
            self.try_restore(caller, id, base, revision, note.clone())
                .await
        }));
        self.idempotent(caller, restoration).await
    }

    /// Returns `None` after a conflict.
    async fn try_restore(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        revision: Revision,
        note: Option<Note>,
    ) -> Result<Option<RenderedPost>> {
        let found = self.find_permitted(caller, id, Transition::Edit).await?;
        let kept = self.find_revision(id, revision).await?;
        let wanted = kept.with_state_of(&found.post);
        if found.post.tag() != base {
            let started = self.ports.history.find_revision(id, base.revision).await?;
            let size = 3 * found.manuscript.body.len();
            let work = move |budget: &Budget| {
                let started = started.as_ref();
                Ok(Conflict::between(
                    base.revision,
                    started,
                    &found,
                    &wanted,
                    budget,
                ))
            };
            let conflict = on_workers(&*self.ports.renderer, caller.into(), size, work).await?;
            return Err(Error::Stale(Box::new(conflict)));
        }
        found.post.require(Transition::Edit)?;
        let saved = Saved {
            restored_from: Some(revision),
            ..Saved::new(&kept.manuscript, note)
        };
        self.save(caller, AuditAction::RestorePost, &found, wanted, saved)
            .await
            .map_err(|error| explain_missing(revision, error))
    }
}

/// Explains invalid references: the client did not send them, they come from the revision.
fn explain_missing(revision: Revision, error: Error) -> Error {
    let Error::Invalid(errors) = error else {
        return error;
    };
    let mut explained = FieldErrors::default();
    for problem in errors.iter() {
        let detail = format!("is used by revision {revision} and does not exist any more");
        let error = ValueError::new(problem.error.code, detail);
        explained.push(problem.pointer.clone(), error);
    }
    explained.into()
}
