//! Middleware of all routes, from the outside in: request id and log, CORS, limits, panics, and
//! conditional reads.

mod conditional;
mod cors;
mod limits;
mod log;
mod panic;
mod request;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// Adds the middleware to the routes.
pub(crate) fn around(routes: Router, app: App) -> Router {
    let config = Arc::clone(&app.config);
    let limits = limits::RequestLimits::new(&config);
    let routes = routes
        .layer(middleware::from_fn(conditional::respond))
        .layer(CatchPanicLayer::custom(panic::respond))
        .layer(middleware::from_fn_with_state(limits, limits::enforce));
    let routes = match cors::layer(&config.origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(middleware::from_fn_with_state(app, request::handle))
}
