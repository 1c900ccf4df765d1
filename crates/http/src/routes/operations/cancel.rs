use axum::extract::State;
use tintero_domain::{access::Caller, operations::Operations, values::OperationId};

use super::Operation;
use crate::{
    extract::{NoQuery, Path},
    problem::Problem,
    respond::Private,
};

/// Stops an operation before its next step; what is done stays done. One that ended stays as it is.
#[utoipa::path(post, path = "/v1/operations/{id}/cancel", tag = "operations", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The operation.")))]
pub(super) async fn cancel_operation(
    State(operations): State<Operations>,
    caller: Caller,
    Path(id): Path<OperationId>,
    _: NoQuery,
) -> Result<Private<Operation>, Problem> {
    let operation = operations.cancel(&caller, id).await?;
    Ok(Private(operation.into()))
}
