use axum::extract::State;
use tintero_domain::{
    access::Caller,
    posts::Posts,
    values::{PostId, Revision},
};

use super::PostDiff;
use crate::{
    body::{Built, build},
    extract::{Parameters, Params, Path, Query, documented_params},
    problem::{InvalidResponse, Problem},
    respond::Private,
};

/// The query string of comparisons.
pub(super) struct CompareParams {
    from: Revision,
}

impl Parameters for CompareParams {
    fn read(params: &mut Params) -> Built<Self> {
        let from = params.required("from", "The revision to compare with.");
        build(move || Some(Self { from: from? }))
    }
}

documented_params!(CompareParams);

/// Compares two revisions of a post.
///
/// Returns the changes from the revision `from` to the revision in the path. Fails with 404 if one of
/// them is not stored, and with 422 if their bodies differ in too many lines.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions/{revision}/diff", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the post."),
        ("revision" = u64, Path, description = "The later revision.", minimum = 1, maximum = 9_999_999_999_u64), CompareParams),
    responses(InvalidResponse))]
pub(super) async fn compare_post_revisions(
    State(posts): State<Posts>,
    caller: Caller,
    Path((id, to)): Path<(PostId, Revision)>,
    Query(CompareParams { from }): Query<CompareParams>,
) -> Result<Private<PostDiff>, Problem> {
    let diff = posts.diff_revisions(&caller, id, from, to).await?;
    Ok(Private(diff.into()))
}
