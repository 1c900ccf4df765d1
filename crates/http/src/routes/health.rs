use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::{App, Readiness},
    problem::{Kind, Problem},
    respond::{Fixed, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
}

/// The state of an instance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

impl View for Health {
    fn example() -> Self {
        Self { status: "ok" }
    }
}

/// Says that this process answers requests.
#[utoipa::path(get, path = "/healthz", tag = "operation")]
async fn get_health() -> Result<Fixed<Health>, Problem> {
    Ok(Fixed(Health { status: "ok" }))
}

/// Says whether what this process depends on can be used.
#[utoipa::path(get, path = "/readyz", tag = "operation")]
async fn get_readiness(
    State(readiness): State<Arc<dyn Readiness>>,
) -> Result<Fixed<Health>, Problem> {
    let ready = readiness.check().await;
    ready.map_err(|missing| Problem::new(Kind::NotReady).because(missing))?;
    Ok(Fixed(Health { status: "ok" }))
}
