//! The history of a post: what was saved, how two saves differ, and the way back to one.

use super::{
    Diff, WriteResult, Posts, RevisionCopy, RevisionRow, Saved, Transition, life::ATTEMPTS,
    idempotency::Written,
};
use crate::{
    access::{Caller, Permission},
    audit::AuditAction,
    error::{Error, FieldErrors, Resource, Result},
    page::{Page, PageRequest},
    values::{Code, Note, PostId, Revision, ValueError, VersionTag},
};

impl Posts {
    /// The revisions that are kept of a post, the newest first. A save may show a moment late.
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

    /// One revision in full.
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
        self.kept(id, revision).await
    }

    async fn kept(&self, id: PostId, revision: Revision) -> Result<RevisionCopy> {
        let kept = self.ports.history.find_revision(id, revision).await?;
        kept.ok_or(Error::NotFound(Resource::Revision))
    }

    /// How two revisions differ.
    ///
    /// # Errors
    /// As [`get_revision`](Self::get_revision), for either.
    pub async fn diff_revisions(
        &self,
        caller: &Caller,
        id: PostId,
        from: Revision,
        to: Revision,
    ) -> Result<Diff> {
        let to = self.get_revision(caller, id, to).await?;
        let from = self.kept(id, from).await?;
        Ok(Diff::between(&from, &to))
    }

    /// Saves what an earlier revision held as a new one.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`Error::NotFound`] for a revision that is not kept,
    /// [`Error::Invalid`] when it names what is no longer there.
    pub async fn restore(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        revision: Revision,
        note: Option<Note>,
    ) -> Result<WriteResult> {
        self.once(caller, self.bring_back(caller, id, base, revision, note))
            .await
    }

    async fn bring_back(
        &self,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
        revision: Revision,
        note: Option<Note>,
    ) -> Result<Written> {
        for _ in 0..ATTEMPTS {
            let found = self.permitted(caller, id, Transition::Edit).await?;
            let kept = self.kept(id, revision).await?;
            let wanted = kept.standing_as(&found.post);
            if found.post.tag() != base {
                return Err(self.conflict(base, &found, &wanted).await?);
            }
            found.post.require(Transition::Edit)?;
            let saved = Saved {
                restored_from: Some(revision),
                ..Saved::plainly(&kept.manuscript, note.clone())
            };
            let written = self
                .save(caller, AuditAction::RestorePost, &found, wanted, saved)
                .await
                .map_err(|error| missing_from(revision, error))?;
            if let Some(shown) = written {
                return Ok(shown.into());
            }
        }
        Err(Error::Contended)
    }
}

/// What a revision refers to may be gone by now; whoever restores it never saw the pointers.
fn missing_from(revision: Revision, error: Error) -> Error {
    let Error::Invalid(errors) = error else {
        return error;
    };
    let mut explained = FieldErrors::default();
    for problem in errors.iter() {
        let detail = format!("is named by revision {revision} and does not exist any more");
        let code: Code = problem.error.code;
        explained.push(problem.pointer.clone(), ValueError::new(code, detail));
    }
    explained.into()
}
