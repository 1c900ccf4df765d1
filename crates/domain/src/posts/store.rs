//! What posts need of a store.

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Claim, LiveCopy, Manuscript, ManuscriptRef, Post, PublicSummary, RevisionCopy, StatusName,
    WorkingCopy,
};
use crate::{
    act::{Act, EffectRecord},
    error::Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    values::{
        Address, BylineId, CategoryId, IdOrSlug, Locale, OldPath, PostId, Revision, SourcePath,
        Tag, Timestamp, UserId,
    },
};

/// Keeps posts. Each writing method is atomic: all of it happens, with its audit record and
/// its idempotency record, or nothing does.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait PostStore: Send + Sync {
    /// Writes a manuscript's immutable pieces. They mean nothing until a post refers to them.
    async fn write_manuscript(
        &self,
        id: PostId,
        revision: Revision,
        write: Uuid,
        manuscript: &Manuscript,
    ) -> Result<ManuscriptRef>;

    /// Adds a post with its first revision and its claims.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when a slug, old address or source belongs to another post;
    /// [`Invalid`](crate::Error::Invalid) when a category, byline or image does not exist;
    /// [`KeyReused`](crate::Error::KeyReused) when the idempotency key already had an effect.
    async fn insert(&self, act: &Act, post: &Post) -> Result<()>;

    /// Replaces a post by its next version and writes the difference of its claims, its public
    /// rows (with what `copy` says, when given) and, where the revision is new, the revision.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    async fn update(
        &self,
        act: &Act,
        before: &Post,
        after: &Post,
        copy: Option<&LiveCopy>,
    ) -> Result<Commit>;

    /// Replaces the live copy of a post that is still at this version.
    async fn replace_live_copy(&self, act: &Act, post: &Post, copy: &LiveCopy) -> Result<Commit>;

    /// Notes that a post's live copy lacks the images that came, or will come, from these paths.
    async fn begin_waiting(&self, id: PostId, paths: &[SourcePath]) -> Result<()>;

    /// Forgets it.
    async fn end_waiting(&self, id: PostId, path: &SourcePath) -> Result<()>;

    /// The posts whose live copies lack the image from a path, whatever its letter case.
    async fn find_waiting(&self, path: &SourcePath) -> Result<Vec<PostId>>;

    /// The working copy, read consistently.
    async fn find(&self, id: PostId) -> Result<Option<WorkingCopy>>;

    /// The working copy without its text.
    async fn find_post(&self, id: PostId, freshness: Freshness) -> Result<Option<Post>>;

    /// Those of many posts that are there, without their texts, in no order. No id may stand twice.
    async fn find_posts(&self, ids: &[PostId], freshness: Freshness) -> Result<Vec<Post>>;

    /// One revision's content.
    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<Option<RevisionCopy>>;

    /// What an address leads to.
    async fn find_claim(&self, address: &Address, freshness: Freshness) -> Result<Option<Claim>>;

    /// The post that holds a name other than an address; an old path as of a moment ago.
    async fn find_holder(&self, name: &Name) -> Result<Option<PostId>>;

    /// Published posts, the newest first; those dated after `now` are left out.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound) for a category or byline whose slug nobody holds.
    async fn list_public(
        &self,
        facet: &PublicFacet,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>>;

    /// Working copies, the newest first. Read from an index, so a write may show a moment late.
    async fn list_desk(
        &self,
        facet: &DeskFacet,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>>;

    /// What a user's write under this idempotency key did.
    async fn find_effect(
        &self,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<EffectRecord>>;
}

/// How an update ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Commit {
    /// It was accepted.
    Done,
    /// The post is at another version; nothing was written.
    Stale,
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

/// Which public list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicFacet {
    /// All posts.
    Latest,
    /// Posts filed directly under a category.
    Category(IdOrSlug<CategoryId>),
    /// Posts with a tag.
    Tag(Tag),
    /// Posts credited to a byline.
    Byline(IdOrSlug<BylineId>),
    /// Posts in a language.
    Locale(Locale),
}

/// Which desk list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskFacet {
    /// Posts in a status, the newest creation first.
    Status(StatusName),
    /// A user's posts in a status, the newest creation first.
    Owner(UserId, StatusName),
    /// All posts, the latest change first.
    Updated,
}
