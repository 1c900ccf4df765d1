//! Middleware of all routes, as one service. Its stages, from the outside in: request id and log, CORS, quotas,
//! conditional reads and compression, stored answers, limits, and panics.

mod arrival;
mod conditional;
mod cors;
mod limits;
mod log;
mod panic;
mod representation;
mod request;
mod security;
mod stages;

use axum::Router;

use crate::app::App;

/// Adds the middleware to the routes.
pub(crate) fn around(routes: Router, app: App) -> Router {
    routes.layer(stages::StagesLayer::new(app))
}
