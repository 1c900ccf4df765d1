//! Redirects: paths of the site that lead elsewhere. Some are made by hand; the old addresses of
//! posts are redirects, too, and both share one space of names.

mod export;
mod follow;
mod pattern;
mod redirect;
mod store;
mod write;

use std::sync::Arc;

pub use export::{Export, ExportPage, Fate, Lead};
pub use follow::{Resolved, Whither};
pub use pattern::UrlPattern;
pub use redirect::{NewRedirect, PathClaim, Redirect, Target};
pub use store::{RedirectStore, Step};

use crate::{
    categories::CategoryStore,
    clock::{Clock, Ids},
    posts::{PostStore, Posts},
};

/// The use cases around redirects.
#[derive(Clone)]
pub struct Redirects {
    ports: Ports,
    desk: Posts,
}

/// What redirects need of the outside.
#[derive(Clone)]
pub struct Ports {
    /// Keeps redirects.
    pub store: Arc<dyn RedirectStore>,
    /// Keeps posts, whose old addresses redirect.
    pub posts: Arc<dyn PostStore>,
    /// Keeps the categories that addresses can name.
    pub categories: Arc<dyn CategoryStore>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes identifiers.
    pub ids: Arc<dyn Ids>,
}

impl Redirects {
    /// Most redirects that follow one another: each costs whoever resolves the first one a request.
    pub const MAX_STEPS: usize = 10;

    /// The use cases over these ports; `desk` knows where posts are.
    #[must_use]
    pub fn new(ports: Ports, desk: Posts) -> Self {
        Self { ports, desk }
    }
}
