use serde::Serialize;
use tintero_domain::values::{Code, ValueError};
use utoipa::{ToSchema, openapi::ObjectBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    body::Text,
    extract::Path,
    problem::{Kind, Problem},
    respond::{Fixed, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_problem))
}

/// What the `type` of refusals stands for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemKind {
    /// The `code` of such refusals.
    code: &'static str,
    /// Their status.
    status: u16,
    /// Their title.
    title: &'static str,
    /// What they mean and what to do.
    explanation: &'static str,
}

impl From<Kind> for ProblemKind {
    fn from(kind: Kind) -> Self {
        Self {
            code: kind.code(),
            status: kind.status().as_u16(),
            title: kind.title(),
            explanation: kind.explanation(),
        }
    }
}

impl View for ProblemKind {
    fn example() -> Self {
        Kind::SlugTaken.into()
    }
}

impl Text for Kind {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = Self::ALL.into_iter().find(|kind| kind.slug() == raw);
        known.ok_or_else(|| ValueError::new(Code::Format, "names no kind of refusal"))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().enum_values(Some(Self::ALL.map(Self::slug)))
    }
}

/// Explains a kind of refusal; the `type` of every refusal leads here.
#[utoipa::path(get, path = "/problems/{kind}", tag = "operation",
    params(("kind" = String, Path, description = "The last segment of `type`.", example = "slug-taken")))]
async fn get_problem(Path(kind): Path<Kind>) -> Result<Fixed<ProblemKind>, Problem> {
    Ok(Fixed(kind.into()))
}
