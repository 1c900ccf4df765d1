use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::{App, Dependencies},
    problem::{Problem, ProblemType},
    respond::{Fixed, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
}

/// The readiness of an instance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Always `ok`.
    status: &'static str,
    /// Time since which the cleanup of expired data is overdue; null if it is not. Overdue cleanup costs
    /// capacity, but does not affect reads.
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

/// The health of an instance.
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

/// Checks that the process is running.
#[utoipa::path(get, path = "/healthz", tag = "operation")]
async fn get_health() -> Result<Fixed<Health>, Problem> {
    Ok(Fixed(Health { status: "ok" }))
}

/// Checks that the dependencies of the process are available.
///
/// Fails with 503 if they are not.
#[utoipa::path(get, path = "/readyz", tag = "operation")]
async fn get_readiness(
    State(dependencies): State<Arc<dyn Dependencies>>,
) -> Result<Fixed<Readiness>, Problem> {
    let checked = dependencies.check().await;
    let overdue = checked.map_err(|cause| Problem::new(ProblemType::NotReady).because(cause))?;
    Ok(Fixed(Readiness {
        status: "ok",
        overdue_since: overdue.map(Into::into),
    }))
}
