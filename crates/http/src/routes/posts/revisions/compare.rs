use axum::extract::State;
use tintero_domain::{
    access::Caller,
    posts::Posts,
    values::{PostId, Revision},
};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::PostDiff;
use crate::{
    extract::{Parameters, Params, Path, Query, parameters},
    problem::Problem,
    respond::Private,
};

/// With which revision one is compared.
pub(super) struct From(Revision);

impl Parameters for From {
    fn read(params: &mut Params) -> Option<Self> {
        params
            .required(
                "from",
                "The revision from which one looks; any that is kept.",
            )
            .map(Self)
    }
}

impl IntoParams for From {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Shows how a revision differs from another one.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions/{revision}/diff", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post."),
        ("revision" = u64, Path, description = "The revision at which one looks."), From))]
pub(super) async fn compare_post_revisions(
    State(posts): State<Posts>,
    caller: Caller,
    Path((id, to)): Path<(PostId, Revision)>,
    Query(From(from)): Query<From>,
) -> Result<Private<PostDiff>, Problem> {
    let diff = posts.diff_revisions(&caller, id, from, to).await?;
    Ok(Private(diff.into()))
}
