use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, audit::AuditTrail};

use super::{AuditRecordView, parameters::ListAuditParams};
use crate::{
    extract::Query,
    problem::Problem,
    respond::{Audience, Listed},
};

/// Lists audit records, newest first.
///
/// Administrators read all records; editors those of content, and of their own writes; everyone else those of their own
/// writes. A page can be short or empty although it is not the last one. The list can be slightly behind.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", security(("bearer" = [])), params(ListAuditParams))]
pub(super) async fn list_audit_records(
    State(audit): State<AuditTrail>,
    caller: Caller,
    Query(ListAuditParams { filter, page }): Query<ListAuditParams>,
    uri: Uri,
) -> Result<Listed<AuditRecordView>, Problem> {
    let page = audit.list((&caller).into(), filter, &page).await?;
    Ok(Listed::new(page, &uri, Audience::Caller))
}
