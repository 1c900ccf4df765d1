use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Byline;
use crate::{error::Result, page::{Page, PageRequest}, values::{BylineId, Slug, Timestamp}, writes::{WriteContext, WriteOutcome}};

/// Keeps bylines. Writing is atomic, with its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait BylineStore: Send + Sync {
    /// Bylines, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Byline>>;

    /// One byline.
    async fn find(&self, id: BylineId) -> Result<Option<Byline>>;

    /// Those of these bylines that are there, as of a moment ago, in no order.
    async fn find_many(&self, ids: &BTreeSet<BylineId>) -> Result<Vec<Byline>>;

    /// The id of the byline with a slug.
    async fn find_id(&self, slug: &Slug) -> Result<Option<BylineId>>;

    /// Adds a byline, or replaces `before`, provided that it is still there, by `after`.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when the slug belongs to another byline;
    /// [`Invalid`](crate::Error::Invalid) when the image does not exist.
    async fn write(&self, context: &WriteContext, before: Option<&Byline>, after: &Byline) -> Result<WriteOutcome>;
}
