use std::sync::Arc;

use async_trait::async_trait;

use super::SiteSettings;
use crate::{
    error::Result,
    freshness::Freshness,
    values::Version,
    writes::{WriteContext, WriteOutcome},
};

/// Stores the settings of the site.
///
/// Every method fails with [`Unavailable`](crate::Error::Unavailable) if the store does not respond and with
/// [`Corrupt`](crate::Error::Corrupt) if the stored settings are invalid.
#[async_trait]
pub trait SiteStore: Send + Sync {
    /// Reads the settings. `None` before the first change.
    async fn find(&self, freshness: Freshness) -> Result<Option<Arc<SiteSettings>>>;

    /// Replaces the settings of version `before` in one transaction with the audit record.
    async fn write(
        &self,
        context: &WriteContext,
        before: Version,
        after: &SiteSettings,
    ) -> Result<WriteOutcome>;
}
