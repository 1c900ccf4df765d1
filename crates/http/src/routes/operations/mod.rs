//! Operations: work that takes longer than a request.

mod cancel;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::{OperationError, OperationLinks, OperationView};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_operations))
        .routes(routes!(read::get_operation))
        .routes(routes!(cancel::cancel_operation))
}
