use serde::Serialize;
use tintero_domain::values::{Code, ValueError};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    body::Text,
    extract::Path,
    problem::{Problem, ProblemType},
    respond::{Fixed, View},
    routes::parameters::path_params,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_problem))
}

/// A problem type.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemKind {
    /// The `code` of the problems.
    code: &'static str,
    /// The HTTP status code.
    status: u16,
    /// The `title` of the problems.
    title: &'static str,
    /// The meaning, and how to fix the request.
    explanation: &'static str,
}

impl From<ProblemType> for ProblemKind {
    fn from(kind: ProblemType) -> Self {
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
        ProblemType::SlugTaken.into()
    }
}

impl Text for ProblemType {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = Self::ALL.into_iter().find(|kind| kind.slug() == raw);
        known.ok_or_else(|| ValueError::new(Code::Format, "is not a problem type"))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(Self::ALL.map(Self::slug)))
            .examples(["slug-taken"])
    }
}

path_params! {
    /// The path of a problem type.
    KindParam: "kind", ProblemType, "The last segment of `type`.";
}

/// Returns a problem type.
///
/// The `type` of every problem is the URL of this operation.
#[utoipa::path(get, path = "/problems/{kind}", tag = "operation", params(KindParam))]
async fn get_problem(Path(kind): Path<ProblemType>) -> Result<Fixed<ProblemKind>, Problem> {
    Ok(Fixed(kind.into()))
}
