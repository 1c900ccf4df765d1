//! The audit trail: who did what, to which resource, and when.

mod query;
mod record;
mod store;

use std::sync::Arc;

pub use query::{AuditFilter, AuditQuery, AuditScope};
pub use record::{AuditRecord, AuditedKind, AuditedResource};
pub use store::AuditStore;

use crate::{
    access::{Authority, Permission},
    clock::Clock,
    error::Result,
    page::{Limit, Page, PageRequest},
};

/// Maximum number of records of an export.
const MAX_EXPORTED: usize = 1_000;

/// Maximum number of pages that an export reads, because pages of a filtered list can be short.
const MAX_EXPORTED_PAGES: usize = 20;

/// Use cases of the audit trail.
#[derive(Clone)]
pub struct AuditTrail {
    store: Arc<dyn AuditStore>,
    clock: Arc<dyn Clock>,
}

impl AuditTrail {
    /// Creates the use cases over a store.
    #[must_use]
    pub fn new(store: Arc<dyn AuditStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Lists the records that the caller may read, the newest first; for the operator, all records. A page
    /// can be short or empty although more records follow.
    ///
    /// # Errors
    /// [`Forbidden`](crate::Error::Forbidden), [`BadCursor`](crate::Error::BadCursor).
    pub async fn list(
        &self,
        authority: Authority<'_>,
        filter: AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>> {
        let query = AuditQuery {
            scope: scope(authority)?,
            filter,
        };
        self.store.list(&query, self.clock.now(), page).await
    }

    /// Returns up to 1,000 records as one page.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn export(
        &self,
        authority: Authority<'_>,
        filter: AuditFilter,
        start: PageRequest,
    ) -> Result<Page<AuditRecord>> {
        let mut request = PageRequest {
            limit: Limit::LARGEST,
            ..start
        };
        let mut all = Page {
            items: Vec::new(),
            next: None,
        };
        for _ in 0..MAX_EXPORTED_PAGES {
            let page = self.list(authority, filter.clone(), &request).await?;
            all.items.extend(page.items);
            all.next.clone_from(&page.next);
            request.cursor = page.next;
            if request.cursor.is_none() || all.items.len() + Limit::LARGEST.get() > MAX_EXPORTED {
                break;
            }
        }
        Ok(all)
    }
}

/// The records that the caller may read.
fn scope(authority: Authority<'_>) -> Result<AuditScope> {
    let Authority::Caller(caller) = authority else {
        return Ok(AuditScope::Any);
    };
    if caller.may(Permission::ReadAnyAudit) {
        return Ok(AuditScope::Any);
    }
    if caller.may(Permission::ReadContentAudit) {
        return Ok(AuditScope::Content(caller.user_id));
    }
    caller.require(Permission::ReadOwnAudit)?;
    Ok(AuditScope::Own(caller.user_id))
}
