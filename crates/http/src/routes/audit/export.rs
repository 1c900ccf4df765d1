use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Uri, header};
use tintero_domain::{
    access::Caller,
    audit::{AuditRecord, AuditTrail},
    page::Page,
};
use utoipa::{
    IntoResponses,
    openapi::{Content, ObjectBuilder, RefOr, Response as Documented, ResponseBuilder, Type},
};

use super::{AuditRecordView, parameters::ExportAuditParams};
use crate::{
    extract::Query,
    problem::Problem,
    respond::{View, field, next_link},
};

const MEDIA_TYPE: &str = "application/x-ndjson";

/// 200 with audit records, one JSON text per line.
pub(super) struct AuditLines {
    lines: String,
    /// The value of the `Link` header.
    next: Option<String>,
}

impl AuditLines {
    fn new(page: Page<AuditRecord>, uri: &Uri) -> Self {
        let next = page.next.as_ref().map(|next| next_link(uri, next));
        let lines = page.items.into_iter().map(|record| {
            let line = serde_json::to_string(&AuditRecordView::from(record));
            line.expect("views have string keys and serialise without failing") + "\n"
        });
        Self {
            lines: lines.collect(),
            next,
        }
    }
}

impl IntoResponse for AuditLines {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_static(MEDIA_TYPE);
        headers.insert(header::CONTENT_TYPE, value);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let next = self.next.map(HeaderValue::try_from).and_then(Result::ok);
        headers.extend(next.map(|next| (header::LINK, next)));
        (headers, self.lines).into_response()
    }
}

impl IntoResponses for AuditLines {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let lines = ObjectBuilder::new().schema_type(Type::String);
        let example = serde_json::to_string(&AuditRecordView::example());
        let example = example.expect("views have string keys and serialise without failing");
        let content = Content::builder()
            .schema(Some(lines))
            .example(Some((example + "\n").into()));
        let response = ResponseBuilder::new()
            .description("One `AuditRecord` per line")
            .content(MEDIA_TYPE, content.build())
            .header(
                "Link",
                field("The URL of the next part, with rel=\"next\" (RFC 8288)"),
            );
        BTreeMap::from([("200".to_owned(), response.build().into())])
    }
}

/// Exports audit records as NDJSON, newest first.
///
/// One response contains at most 1,000 records that the caller may read, as in the list. The `Link` header leads to the
/// next part; the last part has none.
#[utoipa::path(get, path = "/v1/audit/export", tag = "audit", security(("bearer" = [])), params(ExportAuditParams))]
pub(super) async fn export_audit_records(
    State(audit): State<AuditTrail>,
    caller: Caller,
    Query(ExportAuditParams { filter, page }): Query<ExportAuditParams>,
    uri: Uri,
) -> Result<AuditLines, Problem> {
    let page = audit.export((&caller).into(), filter, page).await?;
    Ok(AuditLines::new(page, &uri))
}
