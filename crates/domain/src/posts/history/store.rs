//! The store of revisions and autosaves.

use async_trait::async_trait;

use super::Autosave;
use crate::{
    error::Result,
    page::{Page, PageRequest},
    posts::{ManuscriptRef, RevisionCopy, RevisionRow},
    values::{PostId, Revision, Timestamp, UserId},
};

/// Stores revisions and autosaves. [`PostStore`](crate::posts::PostStore) adds a revision in the
/// same transaction as its post.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store is
/// unavailable and with [`Corrupt`](crate::Error::Corrupt) if a stored item cannot be decoded.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// Finds a revision with its content.
    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<Option<RevisionCopy>>;

    /// Lists revisions, the newest first. Eventually consistent.
    async fn list_revisions(
        &self,
        id: PostId,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<RevisionRow>>;

    /// Returns the newest revisions, at most `limit`, read consistently.
    async fn find_history(&self, id: PostId, limit: usize) -> Result<Vec<RevisionRow>>;

    /// Deletes revisions, and then manuscripts that no remaining revision refers to.
    async fn forget(
        &self,
        id: PostId,
        revisions: &[Revision],
        texts: &[ManuscriptRef],
    ) -> Result<()>;

    /// Replaces a user's autosave for a post.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if it is too large for one item.
    async fn put_autosave(&self, user: UserId, id: PostId, autosave: &Autosave) -> Result<()>;

    /// Finds a user's autosave for a post, read consistently.
    async fn find_autosave(&self, user: UserId, id: PostId) -> Result<Option<Autosave>>;

    /// Deletes a user's autosave for a post.
    async fn remove_autosave(&self, user: UserId, id: PostId) -> Result<()>;
}
