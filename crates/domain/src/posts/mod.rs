//! Posts: model, use cases and store traits.

mod editing;
mod history;
mod link_store;
mod model;
mod ownership;
mod permissions;
mod publishing;
mod reading;
mod relocate;
mod store;

use std::sync::Arc;

pub use editing::*;
pub use history::*;
pub use link_store::LinkStore;
pub use model::*;
pub use ownership::OwnershipStore;
pub use publishing::*;
pub use reading::*;
pub use relocate::{ListKey, Relocation, RelocationStore};
pub use store::{ListedPost, PendingCleanup, PostName, PostStore};
pub use tintero_markdown::{
    render::Rendered,
    report::{BodyReference, ReferenceKind, UnresolvedReason},
};

use crate::{
    access::Caller,
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::Result,
    freshness::Freshness,
    images::ImageStore,
    site::{SiteSettings, Sites},
    values::{PostId, Timestamp},
    writes::WriteContext,
};

/// The use cases of posts.
#[derive(Clone)]
pub struct Posts {
    ports: Ports,
    /// Prefix of the paths of images in rendered bodies.
    base_path: Arc<str>,
    /// Whether results contain the rendition of a text that a write did not change.
    shows_renditions: bool,
    /// The changes whose links were rendered again.
    followed: Arc<FollowedChanges>,
}

/// The external services that posts depend on.
#[derive(Clone)]
pub struct Ports {
    /// Stores posts.
    pub store: Arc<dyn PostStore>,
    /// Stores revisions and autosaves.
    pub history: Arc<dyn HistoryStore>,
    /// Stores links between posts.
    pub links: Arc<dyn LinkStore>,
    /// Finds the images that bodies refer to.
    pub images: Arc<dyn ImageStore>,
    /// Settings of the site, with the default language and the paths of posts.
    pub site: Sites,
    /// Renders bodies.
    pub renderer: Arc<dyn Renderer>,
    /// Source of the current time.
    pub clock: Arc<dyn Clock>,
    /// Generates identifiers.
    pub ids: Arc<dyn Ids>,
}

impl Posts {
    /// Creates the use cases.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            base_path: Arc::default(),
            shows_renditions: true,
            followed: Arc::default(),
        }
    }

    /// Sets the path below which clients reach the API, such as `/cms`. Paths of images in rendered bodies
    /// start with it.
    #[must_use]
    pub fn below(self, base_path: &str) -> Self {
        Self {
            base_path: base_path.into(),
            ..self
        }
    }

    /// The same use cases for a caller that does not show the rendition of a written post. Results have an empty
    /// one if the write did not need it.
    #[must_use]
    pub fn without_renditions(&self) -> Self {
        Self {
            shows_renditions: false,
            ..self.clone()
        }
    }

    /// The settings of the site, at most five seconds old.
    async fn site(&self) -> Result<Arc<SiteSettings>> {
        self.ports.site.get(Freshness::Recent).await
    }

    /// Finds a post without its text.
    async fn find_post(&self, id: PostId, freshness: Freshness) -> Result<Option<Post>> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        store.find_post(id, freshness, now).await
    }

    /// The time of the next write of a post.
    fn write_time(&self, post: &Post) -> Timestamp {
        post.state.time_from(self.ports.clock.now())
    }

    /// Finds the working copy if the caller has the permissions of the transition. A caller who
    /// may not read posts gets [`Forbidden`](crate::Error::Forbidden) even if the post does not exist.
    async fn find_permitted(
        &self,
        caller: &Caller,
        id: PostId,
        transition: Transition,
    ) -> Result<WorkingCopy> {
        let found = self.find(caller, id).await?;
        transition.authorize(caller, &found.post)?;
        Ok(found)
    }

    /// The context of a write by a background task.
    fn background_context(&self, action: AuditAction) -> WriteContext {
        WriteContext {
            id: self.ports.ids.next(),
            actor: None,
            action,
            at: self.ports.clock.now(),
            request_id: String::new(),
            key: None,
            idempotency: None,
            step: None,
        }
    }
}
