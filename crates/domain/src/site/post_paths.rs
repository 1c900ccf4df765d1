use std::sync::Arc;

use super::{SiteSettings, UrlPattern, pattern::UrlVariables};
use crate::values::{Address, Timestamp};

/// Builds the paths of posts.
#[derive(Debug, Clone)]
pub struct PostPaths {
    pattern: UrlPattern,
    site: Arc<SiteSettings>,
}

impl PostPaths {
    /// Paths with this pattern instead of that of the site, if there is one.
    pub(crate) fn new(pattern: Option<UrlPattern>, site: Arc<SiteSettings>) -> Self {
        Self {
            pattern: pattern.unwrap_or_else(|| site.post_path.clone()),
            site,
        }
    }

    /// Whether the paths contain the category.
    pub(crate) fn name_category(&self) -> bool {
        self.pattern.names_category()
    }

    /// The path of a post. `category` are the slugs of its first category from the root.
    pub(crate) fn path(
        &self,
        address: &Address,
        category: Option<&str>,
        published_at: Timestamp,
    ) -> String {
        let date = self.site.date(published_at);
        self.pattern.fill(UrlVariables {
            address,
            category,
            date: &date,
        })
    }
}
