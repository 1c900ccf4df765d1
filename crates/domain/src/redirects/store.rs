use std::collections::HashMap;

use async_trait::async_trait;

use super::{PathClaim, Redirect};
use crate::{error::Result, page::{Page, PageRequest}, values::{OldPath, RedirectId, Timestamp}, writes::{WriteContext, WriteOutcome}};

/// What lay on the way on which a new redirect leads, when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// A path of the site.
    pub path: OldPath,
    /// The redirect that leads on from it; none where the way ends.
    pub redirect: Option<RedirectId>,
}

/// Keeps redirects. Each writing method is atomic, with its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) when the store cannot
/// answer and with [`Corrupt`](crate::Error::Corrupt) when what it holds cannot be read.
#[async_trait]
pub trait RedirectStore: Send + Sync {
    /// Redirects, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Redirect>>;

    /// One redirect.
    async fn find(&self, id: RedirectId) -> Result<Option<Redirect>>;

    /// What holds each of these paths, as of a moment ago. No path may stand twice.
    async fn find_claims(&self, paths: &[OldPath]) -> Result<HashMap<OldPath, PathClaim>>;

    /// Adds a redirect, provided that the way on which it leads is still the one that was seen;
    /// [`Stale`](Commit::Stale) when it is not.
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) when a post or another redirect holds its path;
    /// [`Invalid`](crate::Error::Invalid) when its post does not exist.
    async fn insert(&self, context: &WriteContext, redirect: &Redirect, way: &[Step]) -> Result<WriteOutcome>;

    /// Removes a redirect; [`Stale`](Commit::Stale) when it is not there.
    async fn remove(&self, context: &WriteContext, redirect: &Redirect) -> Result<WriteOutcome>;
}
