use axum::extract::State;
use tintero_domain::{
    posts::{Posts, Transition},
    values::Timestamp,
};

use super::{EditParams, Post};
use crate::{
    body::{Body, Members, Record, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// How to publish a post.
pub(crate) struct PublishPost {
    pub(super) published_at: Option<Timestamp>,
}

impl Record for PublishPost {
    fn read(members: &mut Members) -> Option<Self> {
        let about = "The date that it carries; a past one needs posts:backdate. Absent: as before, else now.";
        Some(Self {
            published_at: members.optional("published_at", about),
        })
    }
}

impl Body for PublishPost {
    const OPTIONAL: bool = true;
}

described!(PublishPost);

/// Nothing: the address says it all.
pub(crate) struct NoMembers;

impl Record for NoMembers {
    fn read(_: &mut Members) -> Option<Self> {
        Some(Self)
    }
}

impl Body for NoMembers {
    const OPTIONAL: bool = true;
}

described!(NoMembers);

/// Nothing, where the version refuses the repetition.
pub(crate) struct Unkeyed;

impl Record for Unkeyed {
    fn read(_: &mut Members) -> Option<Self> {
        Some(Self)
    }
}

impl Body for Unkeyed {
    const OPTIONAL: bool = true;
    const KEYED: bool = false;
}

/// Makes the working copy public.
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
) -> Result<Tagged<Post>, Problem> {
    let effect = posts.publish(&caller, id, base, body.published_at).await?;
    Ok(effect.into())
}

/// Takes the public copy, or the plan of one, away and keeps the post as a draft.
#[utoipa::path(post, path = "/v1/posts/{id}/unpublish", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn unpublish_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Unpublish)
        .await?;
    Ok(effect.into())
}

/// Takes the post out of all lists and keeps it at its address, where it says so.
#[utoipa::path(post, path = "/v1/posts/{id}/archive", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn archive_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Archive)
        .await?;
    Ok(effect.into())
}

/// Puts the post into the trash; its public address answers 410 if it had one.
#[utoipa::path(post, path = "/v1/posts/{id}/trash", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn trash_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Trash)
        .await?;
    Ok(effect.into())
}

/// Takes the post out of the trash, as a draft.
#[utoipa::path(post, path = "/v1/posts/{id}/untrash", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn untrash_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Untrash)
        .await?;
    Ok(effect.into())
}

/// Asks for a review of the working copy.
#[utoipa::path(post, path = "/v1/posts/{id}/submit", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn submit_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Submit)
        .await?;
    Ok(effect.into())
}

/// Answers a review with a wish for changes.
#[utoipa::path(post, path = "/v1/posts/{id}/request-changes", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn request_post_changes(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::RequestChanges)
        .await?;
    Ok(effect.into())
}
