//! Middleware of all routes, from the outside in: request id and log, CORS, conditional reads and
//! compression, stored answers, limits, and panics.

mod arrival;
mod conditional;
mod cors;
mod limits;
mod log;
mod panic;
mod representation;
mod request;
mod security;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    app::App,
    cached::{self, CacheLayer},
    coding::Compression,
};

/// Adds the middleware to the routes.
pub(crate) fn around(routes: Router, app: App) -> Router {
    let config = Arc::clone(&app.config);
    let compression = Compression::new(config.compression);
    let limits = limits::RequestLimits::new(Arc::clone(&config));
    let routes = routes
        .layer(CatchPanicLayer::custom(panic::respond))
        .layer(middleware::from_fn_with_state(limits, limits::enforce))
        .layer(middleware::from_fn_with_state(
            CacheLayer {
                cache: app.answers.clone(),
                compression: compression.clone(),
            },
            cached::serve,
        ))
        .layer(middleware::from_fn_with_state(
            representation::Representation {
                compression,
                clock: Arc::clone(&app.clock),
            },
            representation::choose,
        ));
    let routes = match cors::layer(&config.origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(middleware::from_fn_with_state(app, request::handle))
}
