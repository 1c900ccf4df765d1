use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::{App, Dependencies},
    problem::{Kind, Problem},
    respond::{Fixed, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
}

/// Whether an instance can be used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Always `ok`.
    status: &'static str,
    /// Since when the housekeeping owes the clearing away of something whose time has ended; null
    /// when it owes nothing. That costs capacity, and readers see nothing of it.
    #[schema(format = DateTime, required)]
    overdue_since: Option<String>,
}

impl View for Readiness {
    fn example() -> Self {
        Self {
            status: "ok",
            overdue_since: None,
        }
    }
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
    State(dependencies): State<Arc<dyn Dependencies>>,
) -> Result<Fixed<Readiness>, Problem> {
    let ready = dependencies.check().await;
    let overdue = ready.map_err(|missing| Problem::new(Kind::NotReady).because(missing))?;
    Ok(Fixed(Readiness {
        status: "ok",
        overdue_since: overdue.map(Into::into),
    }))
}
