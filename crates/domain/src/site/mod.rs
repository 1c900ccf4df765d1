//! The settings of the site that shows the posts.

mod matching;
mod pattern;
mod post_paths;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod url_part;

use std::sync::Arc;

pub use pattern::{ListPattern, UrlPattern};
pub use post_paths::PostPaths;
pub use settings::{SitePatch, SiteSettings};
pub use store::SiteStore;

use crate::{
    access::{Caller, ManagedKind},
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Result},
    freshness::Freshness,
    values::{Locale, Version},
    writes::WriteOutcome,
};

/// Use cases of the settings of the site.
#[derive(Clone)]
pub struct Sites {
    store: Arc<dyn SiteStore>,
    default_locale: Locale,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Sites {
    /// Creates the use cases. `default_locale` applies until the first change.
    #[must_use]
    pub fn new(
        store: Arc<dyn SiteStore>,
        default_locale: Locale,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            store,
            default_locale,
            clock,
            ids,
        }
    }

    /// Returns the settings. Public.
    pub async fn get(&self, freshness: Freshness) -> Result<Arc<SiteSettings>> {
        let found = self.store.find(freshness).await?;
        let unset = || Arc::new(SiteSettings::unset(self.default_locale.clone()));
        Ok(found.unwrap_or_else(unset))
    }

    /// Changes the settings at version `base`.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Outdated`], [`Error::Invalid`].
    pub async fn update(
        &self,
        caller: &Caller,
        base: Version,
        patch: SitePatch,
    ) -> Result<SiteSettings> {
        caller.require(ManagedKind::Site.permission())?;
        let before = self.get(Freshness::Now).await?;
        if before.version != base {
            return Err(Error::Outdated(before.version));
        }
        let now = self.clock.now();
        let after = patch.apply(&before, now)?;
        let context = caller.context(AuditAction::UpdateSite, self.ids.as_ref(), now);
        match self.store.write(&context, before.version, &after).await? {
            WriteOutcome::Applied => Ok(after),
            WriteOutcome::Conflict => {
                let current = self.get(Freshness::Now).await?;
                Err(Error::Outdated(current.version))
            }
        }
    }
}
