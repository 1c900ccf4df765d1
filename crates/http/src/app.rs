use std::{net::IpAddr, ops::Deref, sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::extract::FromRef;
use http::{Method, StatusCode};
use tintero_domain::{
    accounts::{Accounts, ApiKeys, Users},
    audit::AuditTrail,
    bylines::Bylines,
    clock::{Clock, Entropy, Ids},
    images::Images,
    operations::Operations,
    posts::Posts,
    redirects::Redirects,
    site::Sites,
    taxonomy::{Categories, Tags},
    values::Timestamp,
};

use crate::{
    auth::{AccessTokens, ForeignIssuers, IssuerSignIn},
    cached::AnswerCache,
    rates::{RateQuotas, RequestRates},
    tickets::UploadTickets,
};

/// Defines [`AppParts`], and how handlers ask for each of them.
macro_rules! parts {
    ($($(#[doc = $doc:literal])+ pub $name:ident: $part:ty,)+) => {
        /// The dependencies of the HTTP API.
        pub struct AppParts {
            $($(#[doc = $doc])+ pub $name: $part,)+
        }

        $(impl FromRef<App> for $part {
            fn from_ref(app: &App) -> Self {
                app.$name.clone()
            }
        })+
    };
}

parts! {
    /// Use cases of posts.
    pub posts: Posts,
    /// Use cases of redirects.
    pub redirects: Redirects,
    /// Use cases of the settings of the site.
    pub sites: Sites,
    /// Use cases of categories.
    pub categories: Categories,
    /// Use cases of tags.
    pub tags: Tags,
    /// Use cases of bylines.
    pub bylines: Bylines,
    /// Use cases of images.
    pub images: Images,
    /// Use cases of long-running operations.
    pub operations: Operations,
    /// Use cases of accounts.
    pub accounts: Accounts,
    /// Use cases of users.
    pub users: Users,
    /// Authenticates API keys, and their use cases.
    pub api_keys: ApiKeys,
    /// Use cases of the audit trail.
    pub audit: AuditTrail,
    /// Issues and verifies access tokens.
    pub tokens: AccessTokens,
    /// Verifies access tokens of foreign issuers.
    pub issuers: ForeignIssuers,
    /// Signs in browsers through foreign issuers.
    pub sign_in: IssuerSignIn,
    /// Generates request ids.
    pub ids: Arc<dyn Ids>,
    /// Generates the nonces of the dashboard.
    pub entropy: Arc<dyn Entropy>,
    /// The time by which schedules take effect.
    pub clock: Arc<dyn Clock>,
    /// Stores answers to anonymous reads.
    pub answers: AnswerCache,
    /// The configuration.
    pub config: Arc<HttpConfig>,
    /// Receives every answered request.
    pub observer: Arc<dyn RequestObserver>,
    /// Checked by `/readyz`.
    pub dependencies: Arc<dyn Dependencies>,
}

/// The dependencies of the HTTP API, shared by all requests.
#[derive(Clone)]
pub(crate) struct App(Arc<SharedApp>);

struct SharedApp {
    parts: AppParts,
    rates: RequestRates,
    tickets: UploadTickets,
}

impl App {
    pub(crate) fn new(parts: AppParts) -> Self {
        let rates = RequestRates::new(parts.config.rate_quotas, Arc::clone(&parts.clock));
        let tickets = UploadTickets::new(parts.entropy.as_ref());
        Self(Arc::new(SharedApp {
            parts,
            rates,
            tickets,
        }))
    }

    /// The counters of requests.
    pub(crate) fn rates(&self) -> &RequestRates {
        &self.0.rates
    }

    pub(crate) fn tickets(&self) -> &UploadTickets {
        &self.0.tickets
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0.parts
    }
}

/// The configuration of the HTTP API.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Public URL of the API without a trailing slash, such as `https://api.example.org` or
    /// `https://example.org/cms`.
    pub public_url: String,
    /// Web origins allowed by CORS.
    pub origins: Origins,
    /// Time limit of a request.
    pub request_timeout: Duration,
    /// Maximum number of concurrent reads, and of concurrent writes. Further ones fail with 503.
    pub max_concurrency: usize,
    /// Quotas of requests in a minute. Further ones fail with 429.
    pub rate_quotas: RateQuotas,
    /// Maximum number of concurrent uploads. Further ones fail with 503.
    pub max_uploads: usize,
    /// Memory for the bodies of unanswered requests in bytes. Requests above it fail with 503.
    pub body_memory: usize,
    /// Whether texts are compressed for clients that accept it.
    pub compression: bool,
    /// Maximum size of a request body in bytes.
    pub max_body: usize,
    /// Maximum size of the form of an upload in bytes.
    pub max_upload: usize,
    /// Maximum size of the file of a direct upload in bytes.
    pub max_direct_upload: usize,
    /// Origin of the image store to which browsers send files, if it is not this server.
    pub upload_origin: Option<String>,
    /// Maximum size of a batch in bytes.
    pub max_batch: usize,
    /// Size in bytes of the largest body of an answer that the front of the server can deliver, if it has a limit.
    pub max_answer: Option<usize>,
    /// Where to report vulnerabilities.
    pub security_contact: Option<SecurityContact>,
}

/// Where to report vulnerabilities: the content of `security.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact {
    /// Addresses as URIs, the preferred one first.
    pub uris: Vec<String>,
    /// URL of the policy.
    pub policy: Option<String>,
}

impl HttpConfig {
    /// Whether clients use https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Returns the path of the public URL, such as `/cms`; empty if it has none.
    #[must_use]
    pub fn base_path(&self) -> &str {
        let (_, rest) = self.public_url.split_once("://").unwrap_or_default();
        rest.find('/').map_or("", |path| &rest[path..])
    }

    /// Returns the defaults: no other origins, 30 seconds, no quotas, 256 reads, 256 writes, 32 uploads, 32 MiB for
    /// bodies of 2 MiB, uploads of 25 MiB, batches of 8 MiB, compressed texts, no contact for vulnerabilities.
    #[must_use]
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            origins: Origins::default(),
            request_timeout: Duration::from_secs(30),
            max_concurrency: 256,
            rate_quotas: RateQuotas::default(),
            max_uploads: 32,
            body_memory: 32 * 1024 * 1024,
            compression: true,
            max_body: 2 * 1024 * 1024,
            max_upload: 25 * 1024 * 1024,
            max_direct_upload: 25 * 1024 * 1024,
            upload_origin: None,
            max_batch: 8 * 1024 * 1024,
            max_answer: None,
            security_contact: None,
        }
    }
}

/// Web origins allowed by CORS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Every origin. Safe because browsers send no session cookie from them.
    Any,
    /// These origins, as sent in `Origin`.
    Listed(Vec<String>),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

/// An answered request, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct AnsweredRequest<'a> {
    /// The method. Clients can send any.
    pub method: &'a Method,
    /// The route, such as `/v1/posts/{id}`; `-` for an unknown path.
    pub route: &'a str,
    /// The status of the response.
    pub status: StatusCode,
    /// The time until the response was ready to be sent.
    pub elapsed: Duration,
}

/// Receives every answered request.
pub trait RequestObserver: Send + Sync {
    /// Called once for each request, before its response is sent. Must return quickly.
    fn observe(&self, request: &AnsweredRequest<'_>);
}

/// Ignores the requests.
impl RequestObserver for () {
    fn observe(&self, _: &AnsweredRequest<'_>) {}
}

/// IP address of the client: an optional extension of the request, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The connection rejects the head of the request for this reason: an optional extension of the request.
/// The response has status 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedHead(pub &'static str);

/// The client sends a body too slowly. A connection reports it as the error of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client sends too slowly")]
pub struct SlowBody;

/// Checks the dependencies of the process.
#[async_trait]
pub trait Dependencies: Send + Sync {
    /// Checks once, with a short time limit. Returns the time since which cleanup is overdue, if any.
    ///
    /// # Errors
    /// The failed dependency, for the log only.
    async fn check(&self) -> Result<Option<Timestamp>, String>;
}
