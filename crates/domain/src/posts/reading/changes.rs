//! Changes of the public side, for builds of static sites that repeat only what has changed.

use std::time::Duration;

use crate::{
    error::Result,
    page::{Page, PageRequest},
    posts::{LiveCopy, Posts, PublicSummary},
    values::{Address, Locale, PostId, Timestamp},
};

/// Query of the posts whose public side has changed since a time, the first change first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangesQuery {
    /// The time, inclusive.
    pub since: Timestamp,
    /// Only addresses in this language.
    pub locale: Option<Locale>,
}

/// A page of changes of the public side. Shows the present state, not the one after each change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicChanges<T> {
    /// The changed posts that are published. A post that changes between two pages occurs on both.
    pub posts: Page<T>,
    /// The addresses that left the lists and at which no post is published now.
    pub removed: Vec<RemovedAddress>,
    /// Time from which the next query misses no change.
    pub next_since: Timestamp,
}

/// Time for which changes are known: 30 days.
pub const CHANGES_RETENTION: Duration = Duration::from_hours(30 * 24);

/// Time by which two queries overlap: a change can become visible this long after its time, because of
/// the clocks of other servers and the duration of a write.
pub const CHANGES_OVERLAP: Duration = Duration::from_mins(2);

/// An address that left the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedAddress {
    /// The post that was published there.
    pub id: PostId,
    /// The address.
    pub address: Address,
    /// The present state of the post.
    pub reason: RemovalReason,
}

/// Why a post is no longer published at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalReason {
    /// The post has another address.
    Moved,
    /// The post is archived: public at the address, but not in lists.
    Archived,
    /// The post is not public.
    Unpublished,
    /// The post is in the trash.
    Trashed,
    /// The post was deleted.
    Deleted,
}

impl RemovalReason {
    /// All reasons.
    pub const ALL: [Self; 5] = [
        Self::Moved,
        Self::Archived,
        Self::Unpublished,
        Self::Trashed,
        Self::Deleted,
    ];

    /// The name in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Archived => "archived",
            Self::Unpublished => "unpublished",
            Self::Trashed => "trashed",
            Self::Deleted => "deleted",
        }
    }
}

impl Posts {
    /// Begins to record changes, unless the store has begun before. Called when a server starts.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable).
    pub async fn begin_changes(&self) -> Result<()> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.begin_changes(now).await
    }

    /// Lists the posts whose public side has changed since a time.
    ///
    /// # Errors
    /// [`Error::ForgottenChanges`](crate::Error::ForgottenChanges) if changes since that time are not known.
    pub async fn list_changes(
        &self,
        query: &ChangesQuery,
        page: &PageRequest,
    ) -> Result<PublicChanges<PublicSummary>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_changes(query, now, page).await
    }

    /// Lists the same posts with their texts. Pages are as in
    /// [`list_live_copies`](Self::list_live_copies).
    ///
    /// # Errors
    /// As [`list_changes`](Self::list_changes).
    pub async fn list_changed_copies(
        &self,
        query: &ChangesQuery,
        page: &PageRequest,
    ) -> Result<PublicChanges<LiveCopy>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.list_changed_copies(query, now, page).await
    }
}
