use axum::extract::State;
use tintero_domain::{access::Caller, operations::Operations, values::OperationId};

use super::OperationView;
use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::Private,
};

/// Cancels an operation.
///
/// The operation stops before its next step. Finished items stay finished. A finished operation does
/// not change.
#[utoipa::path(post, path = "/v1/operations/{id}/cancel", tag = "operations", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The operation.")))]
pub(super) async fn cancel_operation(
    State(operations): State<Operations>,
    caller: Caller,
    Path(id): Path<OperationId>,
    _: NoQuery,
) -> Result<Private<OperationView>, Problem> {
    let operation = operations.cancel(&caller, id).await?;
    Ok(Private(OperationView::of(operation, &caller)))
}
