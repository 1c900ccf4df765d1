use async_trait::async_trait;

use super::{AuditQuery, AuditRecord};
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::Timestamp,
};

/// Reads audit records. Every write of another store stores one.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Lists records, the newest first. Eventually consistent. A page can be short or empty although
    /// more records follow.
    ///
    /// # Errors
    /// [`BadCursor`](crate::Error::BadCursor), [`Unavailable`](crate::Error::Unavailable),
    /// [`Corrupt`](crate::Error::Corrupt).
    async fn list(
        &self,
        query: &AuditQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>>;
}
