use axum::extract::State;
use tintero_domain::{
    posts::Posts,
    values::{Note, PostId, Revision},
};

use super::super::{EditParams, Post, create::about};
use crate::{
    body::{Body, Members, Record, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// What is said of bringing a revision back.
pub(crate) struct RestoreRevision {
    note: Option<Note>,
}

impl Record for RestoreRevision {
    fn read(members: &mut Members) -> Option<Self> {
        Some(Self {
            note: members.optional("note", about::NOTE),
        })
    }
}

impl Body for RestoreRevision {
    const OPTIONAL: bool = true;
}

described!(RestoreRevision);

/// Saves what an earlier revision held as a new one.
///
/// Its slug and its other names must be free, or the post's own; the categories, bylines and the
/// image that it names must still be there.
#[utoipa::path(post, path = "/v1/posts/{id}/revisions/{revision}/restore", tag = "posts", security(("bearer" = [])),
    params(EditParams, ("revision" = u64, Path, description = "The revision that comes back.")),
    request_body(content = Option<RestoreRevision>, example = json!({"note": "Como estaba el lunes"})))]
pub(super) async fn restore_post_revision(
    State(posts): State<Posts>,
    Edit {
        caller,
        id: (id, revision),
        base,
        body: RestoreRevision { note },
    }: Edit<RestoreRevision, (PostId, Revision)>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts.restore(&caller, id, base, revision, note).await?;
    Ok(effect.into())
}
