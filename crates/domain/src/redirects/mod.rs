//! Redirects: manual ones, and the old addresses of posts. Both share one namespace of
//! paths.

mod export;
mod follow;
mod redirect;
mod store;
mod unknown;
mod write;

use std::sync::Arc;

pub use export::{ExportCursor, ExportPage, RedirectRule, RuleAction};
pub use follow::{ResolvedRedirect, ResolvedTarget};
pub use redirect::{NewRedirect, PathClaim, Redirect, RedirectTarget};
pub use store::{ChainLink, RedirectStore};
pub use unknown::{AddressTally, UnknownAddress, UnknownAddressStore};

use self::unknown::UnstoredRequests;
use crate::{
    clock::{Clock, Ids},
    posts::{PostStore, Posts},
    site::Sites,
    taxonomy::TaxonomyStore,
};

/// Use cases of redirects.
#[derive(Clone)]
pub struct Redirects {
    ports: RedirectPorts,
    desk: Posts,
    unstored: Arc<UnstoredRequests>,
}

/// Ports of redirects.
#[derive(Clone)]
pub struct RedirectPorts {
    /// Store of redirects.
    pub store: Arc<dyn RedirectStore>,
    /// Store of unknown addresses.
    pub unknown: Arc<dyn UnknownAddressStore>,
    /// Store of posts, whose old addresses redirect.
    pub posts: Arc<dyn PostStore>,
    /// Store of categories, which URLs can contain.
    pub categories: Arc<dyn TaxonomyStore>,
    /// Settings of the site, with the paths of its pages.
    pub site: Sites,
    /// Source of the current time.
    pub clock: Arc<dyn Clock>,
    /// Generator of ids.
    pub ids: Arc<dyn Ids>,
}

impl Redirects {
    /// Longest chain of redirects. Each step costs a read when the first one is resolved.
    pub const MAX_STEPS: usize = 10;

    /// Creates the use cases over these ports. `desk` finds the current addresses of posts.
    #[must_use]
    pub fn new(ports: RedirectPorts, desk: Posts) -> Self {
        Self {
            ports,
            desk,
            unstored: Arc::default(),
        }
    }
}
