use axum::extract::State;
use tintero_domain::{
    posts::{Posts, Transition},
    values::{Note, Timestamp},
};

use crate::{
    body::{Body, Built, FieldReader, RequestObject, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
    routes::{parameters::EditParams, posts::PostView},
};

/// Options of a publication.
pub(crate) struct PublishPost {
    pub(in crate::routes::posts) published_at: Option<Timestamp>,
}

impl RequestObject for PublishPost {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The publication date. A past date requires the permission posts:backdate. If absent, the \
            date does not change; the first publication sets it to the current time.";
        Built::from(Self {
            published_at: fields.optional("published_at", about),
        })
    }
}

impl Body for PublishPost {
    const OPTIONAL: bool = true;
}

described!(PublishPost);

/// An empty object.
pub(crate) struct NoMembers;

impl RequestObject for NoMembers {
    fn read(_: &mut FieldReader) -> Built<Self> {
        Self.into()
    }
}

impl Body for NoMembers {
    const OPTIONAL: bool = true;
}

described!(NoMembers);

/// No body, and no `Idempotency-Key`.
pub(crate) struct EmptyBody;

impl RequestObject for EmptyBody {
    fn read(_: &mut FieldReader) -> Built<Self> {
        Self.into()
    }
}

impl Body for EmptyBody {
    const OPTIONAL: bool = true;
    const KEYED: bool = false;
}

/// Publishes a post.
///
/// Copies the working copy to the live copy, which is public. Fails with 409 if the status of the post
/// does not allow it.
#[utoipa::path(post, path = "/v1/posts/{id}/publish", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<PublishPost>, example = json!({"published_at": "2026-11-22T10:00:00.000Z"})))]
pub(super) async fn publish_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PublishPost>,
) -> Result<Tagged<PostView>, Problem> {
    let result = posts.publish(&caller, id, base, body.published_at).await?;
    Ok(result.into())
}

/// Defines the handlers of transitions without options.
macro_rules! transition_handlers {
    ($($(#[doc = $doc:tt])+ $handler:ident, $path:tt, $transition:ident;)*) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(post, path = $path, tag = "posts", security(("bearer" = [])),
            params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
        pub(super) async fn $handler(
            State(posts): State<Posts>,
            Edit { caller, id, base, body: NoMembers }: Edit<NoMembers>,
        ) -> Result<Tagged<PostView>, Problem> {
            let transition = Transition::$transition;
            let result = posts.transition(&caller, id, base, transition).await?;
            Ok(result.into())
        }
    )*};
}

transition_handlers! {
    /// Unpublishes a post.
    ///
    /// Deletes the live copy and the schedule. The status changes to `draft`.
    unpublish_post, "/v1/posts/{id}/unpublish", Unpublish;

    /// Archives a post.
    ///
    /// The live copy stays available at its URL, marked as archived, but is removed from all lists.
    archive_post, "/v1/posts/{id}/archive", Archive;

    /// Moves a post to the trash.
    ///
    /// If the post was public, its URL returns 410.
    trash_post, "/v1/posts/{id}/trash", Trash;

    /// Restores a post from the trash.
    ///
    /// The status changes to `draft`.
    untrash_post, "/v1/posts/{id}/untrash", Untrash;

    /// Cancels the schedule of a post.
    ///
    /// The live copy, if any, stays public.
    unschedule_post, "/v1/posts/{id}/unschedule", Unschedule;

    /// Requests a review of the working copy.
    submit_post, "/v1/posts/{id}/submit", Submit;
}

/// Options of a request for changes.
pub(crate) struct RequestChanges {
    pub(in crate::routes::posts) note: Option<Note>,
}

impl RequestObject for RequestChanges {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about =
            "What should change. Shown as `review_note` until the next submission or publication.";
        Built::from(Self {
            note: fields.optional("note", about),
        })
    }
}

impl Body for RequestChanges {
    const OPTIONAL: bool = true;
}

described!(RequestChanges);

/// Requests changes to the working copy after a review.
#[utoipa::path(post, path = "/v1/posts/{id}/request-changes", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<RequestChanges>, example = json!({"note": "Name the source."})))]
pub(super) async fn request_post_changes(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<RequestChanges>,
) -> Result<Tagged<PostView>, Problem> {
    let result = posts.request_changes(&caller, id, base, body.note).await?;
    Ok(result.into())
}
