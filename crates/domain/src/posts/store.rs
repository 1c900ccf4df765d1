//! What posts need of a store.

use std::collections::BTreeSet;

use async_trait::async_trait;
use uuid::Uuid;

use super::{IdempotencyRecord, 
    Claim, Content, DeskQuery, ListKey, LiveCopy, Manuscript, ManuscriptRef, Post, PublicQuery,
    PublicSummary, Saved, WorkingCopy,
};
use crate::{
    writes::{WriteContext, WriteOutcome},
    error::Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    values::{Address, Locale, OldPath, PostId, Revision, Slug, SourcePath, Timestamp, UserId},
};

/// Keeps posts. Each writing method is atomic: all of it happens, with its audit record and
/// its idempotency record, or nothing does.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait PostStore: Send + Sync {
    /// Writes a manuscript's immutable pieces, with the content of the revision that begins with
    /// it. They mean nothing until a post refers to them.
    async fn write_manuscript(
        &self,
        id: PostId,
        (revision, write): (Revision, Uuid),
        content: &Content,
        manuscript: &Manuscript,
    ) -> Result<ManuscriptRef>;

    /// Adds a post with its first revision and its claims.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when a slug, old address, source or language of a translation
    /// belongs to another post; [`Invalid`](crate::Error::Invalid) when a category, byline or image
    /// does not exist, or the post that it translates cannot be translated so;
    /// [`KeyReused`](crate::Error::KeyReused) when the idempotency key already had an effect.
    async fn insert(&self, context: &WriteContext, post: &Post, saved: &Saved) -> Result<WriteOutcome>;

    /// Replaces a post by its next version, writes the difference of its claims and, when the
    /// revision is new, the revision; then the actor's autosave is cleared, too.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    async fn save(&self, context: &WriteContext, before: &Post, after: &Post, saved: &Saved) -> Result<WriteOutcome>;

    /// Replaces a post by its next version, of the same revision, and writes the difference of its
    /// claims, its public rows and what is counted.
    ///
    /// `copies` are what the public gets in each of its phases, or none when the public side stays
    /// as it is or vanishes.
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

    /// Removes a post with its claims. Its history is left over, and cleared away by and by.
    async fn remove(&self, context: &WriteContext, post: &Post) -> Result<WriteOutcome>;

    /// What the public gets in each phase of a post; none when its claims say something else,
    /// because it was written meanwhile.
    async fn find_copies(&self, post: &Post) -> Result<Option<Vec<LiveCopy>>>;

    /// Replaces what the public gets of a post that is still at this version.
    async fn replace_copies(&self, context: &WriteContext, post: &Post, copies: &[LiveCopy]) -> Result<WriteOutcome>;

    /// Notes that a post's live copy lacks the images that came, or will come, from these paths.
    async fn begin_waiting(&self, id: PostId, paths: &[SourcePath]) -> Result<()>;

    /// Forgets it.
    async fn end_waiting(&self, id: PostId, path: &SourcePath) -> Result<()>;

    /// The posts whose live copies lack the image from a path, whatever its letter case.
    async fn find_waiting(&self, path: &SourcePath) -> Result<Vec<PostId>>;

    /// The working copy as it stands now, read consistently.
    async fn find(&self, id: PostId, now: Timestamp) -> Result<Option<WorkingCopy>>;

    /// The working copy as it stands now, without its text.
    async fn find_post(
        &self,
        id: PostId,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Post>>;

    /// Those of many posts that are there, as they stand now and without their texts, in no order. No id may stand twice.
    async fn find_posts(
        &self,
        ids: &[PostId],
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Vec<Post>>;

    /// The posts that translate a post, as of a moment ago: one for each language at most.
    async fn find_translations(&self, of: PostId) -> Result<Vec<PostId>>;

    /// What lists show now of those of many posts that are published, as of a moment ago, in no
    /// order. No id may stand twice.
    async fn find_summaries(&self, ids: &[PostId], now: Timestamp) -> Result<Vec<PublicSummary>>;

    /// Those of a locale's slugs that some post holds, as of a moment ago.
    async fn find_taken(&self, locale: &Locale, slugs: &[Slug]) -> Result<BTreeSet<Slug>>;

    /// What an address leads to now.
    async fn find_claim(
        &self,
        address: &Address,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Claim>>;

    /// The post that holds a name other than an address; an old path as of a moment ago.
    async fn find_holder(&self, name: &Name) -> Result<Option<PostId>>;

    /// Puts what stands for them now in the place of the categories and tags that a writer named,
    /// each once; a category that was deleted or is unknown stays as it is.
    async fn bring_up_to_date(&self, named: &mut Content) -> Result<()>;

    /// The posts in this very list, whatever stands for it now: from below a place in it on, those
    /// that are not public yet included, as of now.
    async fn filed_under(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>>;

    /// Posts that are published now, the newest first. A page can be short, or empty, and not
    /// the last: what meets a query can lie far apart.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound) for a category or byline whose slug nobody holds.
    async fn list_public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>>;

    /// Working copies as they stand now. Read from an index, so a write may show a moment late.
    /// Pages are as in [`list_public`](Self::list_public).
    ///
    /// # Errors
    /// As [`list_public`](Self::list_public).
    async fn list_desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>>;

    /// The first moment after now at which what the public sees of any post changes by itself, as of
    /// at most five seconds ago.
    async fn next_change(&self, now: Timestamp) -> Result<Option<Timestamp>>;

    /// Traces of what time has ended, and of what was removed: the oldest first, at most
    /// `limit`. What is planned for later is no trace.
    async fn find_pending_cleanups(&self, now: Timestamp, limit: usize) -> Result<Vec<PendingCleanup>>;

    /// Clears a trace away; `post` is the post as it stands now, if it is still there. True when
    /// nothing of the trace is left; false when the post was written meanwhile.
    async fn clear(&self, context: &WriteContext, trace: &PendingCleanup, post: Option<&Post>) -> Result<bool>;

    /// What a user's write under this idempotency key did.
    async fn find_idempotency_record(
        &self,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>>;
}

/// Something that lies about until the housekeeping clears it away. Readers know better than to
/// look at it, so that costs space and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCleanup {
    /// Of which post.
    pub post: PostId,
    /// Since when.
    pub since: Timestamp,
    /// Tells apart the traces that a post left at the same moment.
    pub mark: Option<Uuid>,
}

/// A post's row in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPost {
    /// Which post.
    pub id: PostId,
    /// Where in the list.
    pub place: String,
}

/// A unique name of a post other than its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A path that it had elsewhere.
    OldPath(OldPath),
    /// A file that it was imported from.
    Source {
        /// The import's name.
        import: String,
        /// The file within it.
        path: String,
    },
}
