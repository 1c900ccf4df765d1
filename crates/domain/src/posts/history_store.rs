//! What the past of posts needs of a store, and what is not saved yet.

use async_trait::async_trait;

use super::{Autosave, ManuscriptRef, RevisionCopy, RevisionRow};
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{PostId, Revision, Timestamp, UserId},
};

/// Keeps what was saved of posts, and what users put aside. A revision comes to be with the write
/// of its post, which is a matter of [`PostStore`](super::PostStore).
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// One revision's content.
    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<Option<RevisionCopy>>;

    /// What is told of the newest revisions, a save perhaps a moment late.
    async fn list_revisions(
        &self,
        id: PostId,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<RevisionRow>>;

    /// What is told of at most `limit` revisions, the newest first, read consistently.
    async fn find_history(&self, id: PostId, limit: usize) -> Result<Vec<RevisionRow>>;

    /// Forgets revisions, and then texts to which none of those that stay refers.
    async fn forget(
        &self,
        id: PostId,
        revisions: &[Revision],
        texts: &[ManuscriptRef],
    ) -> Result<()>;

    /// Replaces what a user put aside for a post.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) when it is larger than an item can be.
    async fn put_autosave(&self, user: UserId, id: PostId, autosave: &Autosave) -> Result<()>;

    /// What a user put aside for a post, read consistently.
    async fn find_autosave(&self, user: UserId, id: PostId) -> Result<Option<Autosave>>;

    /// Forgets it.
    async fn remove_autosave(&self, user: UserId, id: PostId) -> Result<()>;
}
