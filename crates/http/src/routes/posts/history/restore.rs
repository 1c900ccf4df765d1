use axum::extract::State;
use tintero_domain::{
    posts::Posts,
    values::{Note, PostId, Revision},
};

use crate::{
    body::{Body, Built, FieldReader, RequestObject, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
    routes::{
        parameters::{EditParams, RevisionParam},
        posts::{PostView, editing::NOTE},
    },
};

/// Options of a restore.
pub(crate) struct RestoreRevision {
    note: Option<Note>,
}

impl RequestObject for RestoreRevision {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self {
            note: fields.optional("note", NOTE),
        })
    }
}

impl Body for RestoreRevision {
    const OPTIONAL: bool = true;
}

described!(RestoreRevision);

/// Restores an earlier revision of a post.
///
/// Creates a new revision with its content. Fails with 409 if its slug or another unique value is taken
/// by another post, and with 422 if a category, a byline or the image was deleted.
#[utoipa::path(post, path = "/v1/posts/{id}/revisions/{revision}/restore", tag = "posts", security(("bearer" = [])),
    params(EditParams, RevisionParam),
    request_body(content = Option<RestoreRevision>, example = json!({"note": "Como estaba el lunes"})))]
pub(super) async fn restore_post_revision(
    State(posts): State<Posts>,
    Edit {
        caller,
        id: (id, revision),
        base,
        body: RestoreRevision { note },
    }: Edit<RestoreRevision, (PostId, Revision)>,
) -> Result<Tagged<PostView>, Problem> {
    let result = posts.restore(&caller, id, base, revision, note).await?;
    Ok(result.into())
}
