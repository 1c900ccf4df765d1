//! What surrounds every route, from the outside in: the name of the request and the line that
//! logs it, CORS, the limits, the fence around panics, and conditional reads.

mod conditional;
mod cors;
mod entrance;
mod limits;
mod log;
mod panic;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// The routes with everything around them.
pub(crate) fn around(routes: Router, app: App) -> Router {
    let config = Arc::clone(&app.config);
    let limits = limits::Limits::new(&config);
    let routes = routes
        .layer(middleware::from_fn(conditional::answer))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(middleware::from_fn_with_state(limits, limits::keep));
    let routes = match cors::layer(&config.origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(middleware::from_fn_with_state(app, entrance::pass))
}
