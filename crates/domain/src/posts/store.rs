//! The store of posts.

use std::collections::BTreeSet;

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    ChangesQuery, Claim, Content, DeskQuery, IdempotencyRecord, ListKey, LiveCopy, Manuscript,
    MergedFrom, PackedManuscript, Post, PublicChanges, PublicQuery, PublicSummary, Saved,
    WorkingCopy,
};
use crate::{
    error::Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    values::{Address, Locale, OldPath, PostId, Revision, Slug, SourcePath, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// Stores posts. Each write is atomic and includes its audit record and its idempotency record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store is
/// unavailable and with [`Corrupt`](crate::Error::Corrupt) if a stored item cannot be decoded.
#[async_trait]
pub trait PostStore: Send + Sync {
    /// Packs a manuscript for storage, with the content of its first revision. Stores nothing.
    async fn pack_manuscript(
        &self,
        revision: Revision,
        write: Uuid,
        content: &Content,
        manuscript: &Manuscript,
    ) -> Result<PackedManuscript>;

    /// Inserts a post with its text, its first revision and its claims.
    ///
    /// `copies` are the public copies of each phase, and `missing` the images that they miss. Both are
    /// empty for a draft.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if a new slug, alias, source or language of a translation belongs
    /// to another post, also if this post does not claim it yet; [`Invalid`](crate::Error::Invalid) if a category, byline or image does not
    /// exist, or the translation is not possible; [`KeyReused`](crate::Error::KeyReused) if a record
    /// with the idempotency key exists.
    async fn insert(
        &self,
        context: &WriteContext,
        post: &Post,
        saved: &Saved,
        text: &PackedManuscript,
        copies: &[LiveCopy],
        missing: &[SourcePath],
    ) -> Result<WriteOutcome>;

    /// Replaces a post by its next version, stores its text if it is new, updates its claims, adds
    /// the revision if it is new, and deletes the actor's autosave.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    async fn save(
        &self,
        context: &WriteContext,
        before: &Post,
        after: &Post,
        saved: &Saved,
        text: Option<&PackedManuscript>,
    ) -> Result<WriteOutcome>;

    /// Records a write that changes nothing under its idempotency key, if the stored post equals `post`.
    async fn remember(
        &self,
        context: &WriteContext,
        post: &Post,
        merged: Option<MergedFrom>,
    ) -> Result<WriteOutcome>;

    /// Replaces a post by its next version with the same revision, and updates its claims, public
    /// rows and counters.
    ///
    /// `copies` are the public copies of each phase. Empty if the public copies stay unchanged or
    /// are removed.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    async fn update(
        &self,
        context: &WriteContext,
        before: &Post,
        after: &Post,
        copies: &[LiveCopy],
    ) -> Result<WriteOutcome>;

    /// Deletes a post with its claims. The cleanup deletes its history later.
    async fn remove(&self, context: &WriteContext, post: &Post) -> Result<WriteOutcome>;

    /// Finds the public copies of each phase of a post. Returns `None` if the post was written
    /// concurrently.
    async fn find_live_copies(&self, post: &Post) -> Result<Option<Vec<LiveCopy>>>;

    /// Replaces the public copies of a post that still has this version.
    async fn replace_live_copies(
        &self,
        context: &WriteContext,
        post: &Post,
        copies: &[LiveCopy],
    ) -> Result<WriteOutcome>;

    /// Records that the public copies of a post miss the images from these paths.
    async fn add_missing_images(&self, id: PostId, paths: &[SourcePath]) -> Result<()>;

    /// Deletes the record for one path.
    async fn remove_missing_image(&self, id: PostId, path: &SourcePath) -> Result<()>;

    /// Finds the posts whose public copies miss the image from a path. Ignores case.
    async fn find_posts_missing(&self, path: &SourcePath) -> Result<Vec<PostId>>;

    /// Finds the working copy, read consistently.
    async fn find(&self, id: PostId, now: Timestamp) -> Result<Option<WorkingCopy>>;

    /// Finds the working copy without its text.
    async fn find_post(
        &self,
        id: PostId,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Post>>;

    /// Finds several posts without their texts, in no particular order. `ids` must be unique.
    async fn find_posts(
        &self,
        ids: &[PostId],
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Vec<Post>>;

    /// Finds the translations of a post: at most one per language. Eventually consistent.
    async fn find_translations(&self, of: PostId) -> Result<Vec<PostId>>;

    /// Finds the summaries of the published posts among `ids`, in no particular order. Eventually
    /// consistent. `ids` must be unique.
    async fn find_summaries(&self, ids: &[PostId], now: Timestamp) -> Result<Vec<PublicSummary>>;

    /// Returns the taken slugs among `slugs` in a locale. Eventually consistent.
    async fn find_taken(&self, locale: &Locale, slugs: &[Slug]) -> Result<BTreeSet<Slug>>;

    /// Finds the claim on an address.
    async fn find_claim(
        &self,
        address: &Address,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Claim>>;

    /// Finds the post that holds a name. Eventually consistent for an old path.
    async fn find_holder(&self, name: &PostName) -> Result<Option<PostId>>;

    /// Replaces merged categories and renamed tags by their current names, without duplicates.
    /// Deleted and unknown categories stay unchanged.
    async fn resolve_aliases(&self, named: &mut Content) -> Result<()>;

    /// Returns entries of exactly this list, without resolving aliases, from below a position on.
    /// Includes posts that are not public yet. Read consistently.
    async fn list_entries(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>>;

    /// Lists published posts, the newest first. A page can be short or empty although more posts follow,
    /// because matches can be far apart.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound) for an unknown slug of a category or byline.
    async fn list_public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>>;

    /// Lists published posts with their texts. Pages are as in [`list_public`](Self::list_public); a page with
    /// more than [`LiveCopy::MAX_PAGE_BYTES`] of texts ends early.
    ///
    /// # Errors
    /// As [`list_public`](Self::list_public).
    async fn list_live_copies(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<LiveCopy>>;

    /// Begins to record changes of the public side, unless they are recorded already.
    async fn begin_changes(&self, now: Timestamp) -> Result<()>;

    /// Lists the posts whose public side has changed. Eventually consistent.
    ///
    /// # Errors
    /// [`ForgottenChanges`](crate::Error::ForgottenChanges).
    async fn list_changes(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<PublicSummary>>;

    /// Lists the same posts with their texts. Pages are as in
    /// [`list_live_copies`](Self::list_live_copies).
    ///
    /// # Errors
    /// As [`list_changes`](Self::list_changes).
    async fn list_changed_copies(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<LiveCopy>>;

    /// Lists working copies. Eventually consistent. Pages are as in
    /// [`list_public`](Self::list_public).
    ///
    /// # Errors
    /// As [`list_public`](Self::list_public).
    async fn list_desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>>;

    /// Returns posts of an owner, in any status and no particular order. Eventually consistent.
    async fn owned_posts(&self, owner: UserId, limit: usize) -> Result<Vec<PostId>>;

    /// Returns the time of the next scheduled change of any public post; the result may be up to five
    /// seconds old.
    async fn next_change(&self, now: Timestamp) -> Result<Option<Timestamp>>;

    /// Returns pending cleanups that are due, the oldest first.
    async fn find_pending_cleanups(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<PendingCleanup>>;

    /// Deletes the leftovers of a cleanup; `post` is the current post, if it still exists. Returns
    /// `false` if the post was written concurrently.
    async fn clear(
        &self,
        context: &WriteContext,
        cleanup: &PendingCleanup,
        post: Option<&Post>,
    ) -> Result<bool>;

    /// Finds the record of a user's write with this idempotency key.
    async fn find_idempotency_record(
        &self,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>>;
}

/// Leftovers awaiting cleanup. Reads ignore them, so they cost only space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCleanup {
    /// The post.
    pub post: PostId,
    /// Time since which the cleanup is due.
    pub since: Timestamp,
    /// Distinguishes cleanups of one post with the same time.
    pub mark: Option<Uuid>,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPost {
    /// The post.
    pub id: PostId,
    /// Position in the list.
    pub position: String,
}

/// A unique name of a post, other than its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostName {
    /// A path on another site that redirects to the post.
    OldPath(OldPath),
    /// The file that the post was imported from.
    Source {
        /// Name of the import.
        import: String,
        /// Path of the file.
        path: String,
    },
}
