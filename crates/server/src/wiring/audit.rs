use anyhow::Context as _;
use tintero_domain::{
    access::Authority,
    audit::{AuditFilter, AuditRecord},
    page::{Limit, PageRequest},
};

use super::users::open_services;
use crate::{CommandError, config::Config};

/// Returns the newest matching records, at most `limit`.
pub(crate) async fn list_audit(
    config: &Config,
    filter: AuditFilter,
    limit: usize,
) -> Result<Vec<AuditRecord>, CommandError> {
    let services = open_services(config).await?;
    let (audit, request) = (services.audit(), services.request());
    let mut page = PageRequest {
        limit: Limit::LARGEST,
        ..PageRequest::default()
    };
    let mut all = Vec::new();
    loop {
        let found = audit.list(Authority::Operator(&request), filter.clone(), &page);
        let found = found.await.context("cannot list the audit records")?;
        all.extend(found.items);
        page.cursor = found.next;
        if page.cursor.is_none() || all.len() >= limit {
            all.truncate(limit);
            return Ok(all);
        }
    }
}
