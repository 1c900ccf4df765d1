//! Operations: what takes longer than a request, and how far it is.

mod cancel;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::{Operation, OperationError, OperationLinks};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_operations))
        .routes(routes!(read::get_operation))
        .routes(routes!(cancel::cancel_operation))
}
