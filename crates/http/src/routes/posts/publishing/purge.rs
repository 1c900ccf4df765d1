use axum::extract::State;
use tintero_domain::posts::Posts;

use super::EmptyBody;
use crate::{
    extract::Edit, problem::Problem, respond::NoContent, routes::parameters::UnkeyedEditParams,
};

/// Permanently deletes a post that is in the trash.
///
/// Deletes its revisions as well and releases its slugs and aliases. Its URL returns 404. Fails with
/// 409 if the post is not in the trash.
#[utoipa::path(delete, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(UnkeyedEditParams))]
pub(in crate::routes::posts) async fn purge_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: EmptyBody,
    }: Edit<EmptyBody>,
) -> Result<NoContent, Problem> {
    posts.purge(&caller, id, base).await?;
    Ok(NoContent)
}
