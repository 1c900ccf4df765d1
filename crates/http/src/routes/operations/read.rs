use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, operations::Operations, values::OperationId};

use super::OperationView;
use crate::{
    extract::{NoQuery, PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Listed, Private},
};

/// Lists operations, newest first. Finished operations are kept for 30 days.
#[utoipa::path(get, path = "/v1/operations", tag = "operations", security(("bearer" = [])),
    params(PageParams))]
pub(super) async fn list_operations(
    State(operations): State<Operations>,
    caller: Caller,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<OperationView>, Problem> {
    let page = operations.list(&caller, &page).await?;
    let page = page.map(|operation| OperationView::of(operation, &caller));
    Ok(Listed::new::<OperationView>(page, &uri, Audience::Caller))
}

/// Returns an operation with its progress.
#[utoipa::path(get, path = "/v1/operations/{id}", tag = "operations", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The operation.")))]
pub(super) async fn get_operation(
    State(operations): State<Operations>,
    caller: Caller,
    Path(id): Path<OperationId>,
    _: NoQuery,
) -> Result<Private<OperationView>, Problem> {
    let operation = operations.get(&caller, id).await?;
    Ok(Private(OperationView::of(operation, &caller)))
}
