use std::{net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::extract::FromRef;
use tintero_domain::{
    accounts::{Accounts, ApiKeys},
    bylines::Bylines,
    categories::Categories,
    clock::Ids,
    images::Images,
    operations::Operations,
    posts::Posts,
    redirects::Redirects,
    tags::Tags,
    values::Timestamp,
};

use crate::auth::AccessTokens;

/// Everything that the entrances need of the rest of the house.
#[derive(Clone, FromRef)]
pub struct App {
    /// The use cases around posts.
    pub posts: Posts,
    /// The use cases around redirects.
    pub redirects: Redirects,
    /// The use cases around categories.
    pub categories: Categories,
    /// The use cases around tags.
    pub tags: Tags,
    /// The use cases around bylines.
    pub bylines: Bylines,
    /// The use cases around images.
    pub images: Images,
    /// The use cases around long operations.
    pub operations: Operations,
    /// The use cases around accounts.
    pub accounts: Accounts,
    /// Knows API keys.
    pub api_keys: ApiKeys,
    /// Issues and verifies access tokens.
    pub tokens: AccessTokens,
    /// Names requests that come without a name.
    pub ids: Arc<dyn Ids>,
    /// How the entrances behave.
    pub config: Arc<HttpConfig>,
    /// Asked by `/readyz`.
    pub dependencies: Arc<dyn Dependencies>,
}

/// How the entrances behave.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Where clients reach the API, without a trailing slash: `https://api.example.org`.
    pub public_url: String,
    /// Web origins whose scripts may call the API.
    pub origins: Origins,
    /// Longest time that one request may take.
    pub request_timeout: Duration,
    /// Requests that are worked on at once; more are answered with 503.
    pub max_concurrency: usize,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Largest body of an upload, in bytes.
    pub max_upload: usize,
    /// Largest body of a batch, in bytes.
    pub max_batch: usize,
}

impl HttpConfig {
    /// The configuration of a laptop: no scripts of other origins, 30 seconds, 256 requests, 2 MiB,
    /// uploads of 20 MiB, batches of 8 MiB.
    #[must_use]
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            origins: Origins::default(),
            request_timeout: Duration::from_secs(30),
            max_concurrency: 256,
            max_body: 2 * 1024 * 1024,
            max_upload: 20 * 1024 * 1024,
            max_batch: 8 * 1024 * 1024,
        }
    }
}

/// Web origins whose scripts may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Every origin; safe as long as no cookie signs anybody in.
    Any,
    /// Only these, as browsers send them in `Origin`; none when empty.
    Listed(Vec<String>),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

/// Who sent a request, as far as whoever serves the router knows: an extension of the request,
/// for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Knows whether what this process depends on can be used.
#[async_trait]
pub trait Dependencies: Send + Sync {
    /// Asks once, without waiting for long. Tells since when the housekeeping owes something.
    ///
    /// # Errors
    /// What is missing, for the log; clients are not told.
    async fn check(&self) -> Result<Option<Timestamp>, String>;
}
