//! Bylines: the credited authors of posts.

mod byline;
mod merge;
mod store;

use std::{collections::BTreeSet, sync::Arc};

pub use byline::{Byline, BylinePatch, NewByline};
pub use merge::BylineRemoval;
pub use store::BylineStore;

use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    freshness::Freshness,
    operations::Operations,
    page::{Page, PageRequest},
    posts::RelocationStore,
    taxonomy::{Merger, TaxonomyStore},
    values::{BylineId, IdOrSlug, Slug, Version},
    writes::WriteOutcome,
};

/// Result of a lookup by id or slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BylineLookup {
    /// The byline.
    Found(Byline),
    /// This byline had the slug before it was renamed, or replaces a merged one.
    Moved(BylineId),
}

/// Use cases of bylines.
#[derive(Clone)]
pub struct Bylines {
    store: Arc<dyn BylineStore>,
    posts: Arc<dyn RelocationStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    merger: Merger,
}

/// The dependencies of [`Bylines`].
pub struct BylinePorts {
    /// Stores bylines.
    pub store: Arc<dyn BylineStore>,
    /// Stores the tombstones of bylines.
    pub taxonomy: Arc<dyn TaxonomyStore>,
    /// Lists the posts of a byline.
    pub posts: Arc<dyn RelocationStore>,
    /// Starts merges.
    pub operations: Operations,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Generates ids.
    pub ids: Arc<dyn Ids>,
}

impl Bylines {
    /// Creates the use cases.
    #[must_use]
    pub fn new(ports: BylinePorts) -> Self {
        let BylinePorts {
            store,
            taxonomy,
            posts,
            operations,
            clock,
            ids,
        } = ports;
        let merger = Merger {
            store: taxonomy,
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            operations,
        };
        Self {
            store,
            posts,
            clock,
            ids,
            merger,
        }
    }

    /// Lists bylines, the newest first. Public.
    pub async fn list(&self, page: &PageRequest) -> Result<Page<Byline>> {
        self.store.list(self.clock.now(), page).await
    }

    /// Returns a byline, or the id of the one that had the slug or replaces it. Public.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for a deleted byline.
    pub async fn get(&self, name: &IdOrSlug<BylineId>) -> Result<BylineLookup> {
        let id = match name {
            IdOrSlug::Id(id) => *id,
            IdOrSlug::Slug(slug) => {
                let id = self.store.find_id(slug).await?;
                id.ok_or(Error::NotFound(Resource::Byline))?
            }
        };
        let Some(byline) = self.store.find(id).await? else {
            let tree = self.merger.store.tree(Freshness::Now).await?;
            let replacement = tree.resolve_byline(id).filter(|other| *other != id);
            let absent = || merge::absence(tree.byline_tombstone(id).is_some());
            return replacement.map(BylineLookup::Moved).ok_or_else(absent);
        };
        let is_named = match name {
            IdOrSlug::Id(_) => true,
            IdOrSlug::Slug(slug) => byline.slug == *slug,
        };
        Ok(if is_named {
            BylineLookup::Found(byline)
        } else {
            BylineLookup::Moved(byline.id)
        })
    }

    async fn find(&self, id: BylineId) -> Result<Byline> {
        if let Some(byline) = self.store.find(id).await? {
            return Ok(byline);
        }
        let tree = self.merger.store.tree(Freshness::Now).await?;
        Err(merge::absence(tree.byline_tombstone(id).is_some()))
    }

    /// Returns the existing bylines among `ids`, in the order of their ids. Eventually consistent.
    pub async fn get_many(&self, ids: &BTreeSet<BylineId>) -> Result<Vec<Byline>> {
        let mut found = self.store.find_many(ids).await?;
        found.sort_unstable_by_key(|byline| byline.id);
        Ok(found)
    }

    /// Creates a byline.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Invalid`].
    pub async fn create(&self, caller: &Caller, new: NewByline) -> Result<Byline> {
        caller.require(ManagedKind::Byline.permission())?;
        let now = self.clock.now();
        let byline = Byline {
            id: BylineId::new(self.ids.next()),
            slug: Slug::given_or_of(new.slug, new.name.as_str())?,
            name: new.name,
            position: new.position,
            bio: new.bio,
            image_id: new.image_id,
            user_id: new.user_id,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        let context = caller.context(AuditAction::CreateByline, self.ids.as_ref(), now);
        match self.store.write(&context, None, &byline).await? {
            WriteOutcome::Applied => Ok(byline),
            // Unreachable unless the id generator repeats an id.
            WriteOutcome::Conflict => Err(Error::Contended),
        }
    }

    /// Updates a byline at version `base`.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`Error::NotFound`], [`Error::Outdated`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: BylineId,
        base: Version,
        patch: BylinePatch,
    ) -> Result<Byline> {
        caller.require(ManagedKind::Byline.permission())?;
        let before = self.find(id).await?;
        if before.version != base {
            return Err(Error::Outdated(before.version));
        }
        let now = self.clock.now();
        let after = patch.apply(&before, now);
        let context = caller.context(AuditAction::UpdateByline, self.ids.as_ref(), now);
        match self.store.write(&context, Some(&before), &after).await? {
            WriteOutcome::Applied => Ok(after),
            WriteOutcome::Conflict => {
                let current = self.find(id).await?;
                Err(Error::Outdated(current.version))
            }
        }
    }
}
