use std::collections::HashMap;

use async_trait::async_trait;

use super::{PathClaim, Redirect};
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{OldPath, RedirectId, Timestamp},
    writes::{WriteContext, WriteOutcome},
};

/// A step of the chain that a new redirect extends, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// Path of the site.
    pub path: OldPath,
    /// The redirect from this path. `None` at the end of the chain.
    pub redirect: Option<RedirectId>,
}

/// Stores redirects. Each write is atomic, including its audit record.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not
/// respond and with [`Corrupt`](crate::Error::Corrupt) if stored data is invalid.
#[async_trait]
pub trait RedirectStore: Send + Sync {
    /// Lists redirects, the newest first.
    async fn list(&self, now: Timestamp, page: &PageRequest) -> Result<Page<Redirect>>;

    /// Reads a redirect.
    async fn find(&self, id: RedirectId) -> Result<Option<Redirect>>;

    /// Reads the holders of these distinct paths. Eventually consistent.
    async fn find_claims(&self, paths: &[OldPath]) -> Result<HashMap<OldPath, PathClaim>>;

    /// Inserts a redirect if its chain is unchanged, otherwise returns
    /// [`Conflict`](WriteOutcome::Conflict).
    ///
    /// # Errors
    /// [`Taken`](crate::Error::Taken) if a post or another redirect holds its path;
    /// [`Invalid`](crate::Error::Invalid) if its post does not exist.
    async fn insert(
        &self,
        context: &WriteContext,
        redirect: &Redirect,
        chain: &[ChainLink],
    ) -> Result<WriteOutcome>;

    /// Removes a redirect; [`Conflict`](WriteOutcome::Conflict) if it does not exist.
    async fn remove(&self, context: &WriteContext, redirect: &Redirect) -> Result<WriteOutcome>;
}
