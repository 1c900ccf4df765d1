use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;

use super::Metrics;
use crate::CommandError;

/// The media type of the page.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves `/metrics` on `address` until the process ends. Returns the bound address.
pub(crate) async fn serve(
    address: SocketAddr,
    metrics: Arc<Metrics>,
) -> Result<SocketAddr, CommandError> {
    let fails = |error| {
        let message = format!("cannot listen on {address} (TINTERO_METRICS_LISTEN): {error}");
        CommandError::precondition(message)
    };
    let listener = TcpListener::bind(address).await.map_err(fails)?;
    let bound = listener.local_addr().map_err(fails)?;
    let router = Router::new().route("/metrics", get(async move || page(&metrics)));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the metrics are no longer served");
        }
    });
    Ok(bound)
}

fn page(metrics: &Metrics) -> Response {
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], metrics.page()).into_response()
}
