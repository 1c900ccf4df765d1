use axum::extract::State;
use http::Uri;
use tintero_domain::{access::Caller, page::PageRequest, posts::Posts, values::PostId};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use super::RevisionRow;
use crate::{
    extract::{Parameters, Params, Path, Query, page, parameters},
    problem::Problem,
    respond::{Audience, Listed},
};

/// Which page of the history is wanted.
pub(super) struct Wanted(PageRequest);

impl Parameters for Wanted {
    fn read(params: &mut Params) -> Option<Self> {
        Some(Self(page(params)))
    }
}

impl IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Lists what was saved of a post, the newest first.
///
/// Every change of content is a revision. Those that were public are kept for good, all of them for
/// a day after the next one, and of the others the newest hundred.
#[utoipa::path(get, path = "/v1/posts/{id}/revisions", tag = "posts", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The post."), Wanted))]
pub(super) async fn list_post_revisions(
    State(posts): State<Posts>,
    caller: Caller,
    Path(id): Path<PostId>,
    Query(Wanted(page)): Query<Wanted>,
    uri: Uri,
) -> Result<Listed<RevisionRow>, Problem> {
    let found = posts.list_revisions(&caller, id, &page).await?;
    Ok(Listed::new(found, &uri, Audience::Caller))
}
