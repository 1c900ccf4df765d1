use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, posts::Posts, values::PostId};

use super::RevisionRowView;
use crate::{
    extract::{PageParams, Path, Query},
    problem::Problem,
    respond::{Audience, Listed},
};

/// Lists the revisions of a post, newest first.
///
/// Each change of content creates a revision. Published revisions are stored permanently, the others
/// for a day after the next revision, and longer while they are among the newest 100.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The id of the post."), PageParams))]
pub(super) async fn list_post_revisions(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    Query(PageParams(page)): Query<PageParams>,
    uri: Uri,
) -> Result<Listed<RevisionRowView>, Problem> {
    let page = posts.list_revisions(&caller, id, &page).await?;
    Ok(Listed::new(page, &uri, Audience::Caller))
}
