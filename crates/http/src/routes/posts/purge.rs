use axum::extract::State;
use tintero_domain::posts::Posts;

use super::{super::parameters::UnkeyedEditParams, transitions::Unkeyed};
use crate::{extract::Edit, problem::Problem, respond::NoContent};

/// Removes a post from the trash for ever, with its history.
///
/// Its slugs and old addresses are free again, and its public address answers 404.
#[utoipa::path(delete, path = "/v1/posts/{id}", tag = "posts", security(("bearer" = [])),
    params(UnkeyedEditParams))]
pub(super) async fn purge_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: Unkeyed,
    }: Edit<Unkeyed>,
) -> Result<NoContent, Problem> {
    posts.purge(&caller, id, base).await?;
    Ok(NoContent)
}
