use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Byline;
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{BylineId, Slug, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

/// Stores bylines. Each write is atomic, including its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not
/// respond and with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait BylineStore: Send + Sync {
    /// Lists bylines, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Byline>>;

    /// Reads a byline.
    async fn find(&self, id: BylineId) -> Result<Option<Byline>>;

    /// Reads the existing bylines among `ids`, in no order. Eventually consistent.
    async fn find_many(&self, ids: &BTreeSet<BylineId>) -> Result<Vec<Byline>>;

    /// Resolves a slug to the id of the byline that has it, or had it last.
    async fn find_id(&self, slug: &Slug) -> Result<Option<BylineId>>;

    /// Inserts a byline, or replaces `before` with `after` if `before` is current. A former slug leads to the
    /// byline until another one takes it.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if the slug belongs to another byline;
    /// [`Invalid`](crate::Error::Invalid) if the image does not exist.
    async fn write(
        &self,
        context: &WriteContext,
        before: Option<&Byline>,
        after: &Byline,
    ) -> Result<WriteOutcome>;
}
