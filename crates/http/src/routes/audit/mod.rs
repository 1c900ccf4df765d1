//! The audit trail.

mod export;
mod list;
mod parameters;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::{AuditRecordView, AuditedResourceView};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_audit_records))
        .routes(routes!(export::export_audit_records))
}
