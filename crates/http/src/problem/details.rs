//! The members that problems of some statuses add, in the OpenAPI document.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;
use tintero_domain::posts::{StatusName, Transition};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, Object, RefOr, Schema},
};
use uuid::Uuid;

use super::{
    ProblemType,
    schema::{DETAILED, ProblemDocument, codes},
};
use crate::respond::names;

/// Returns the schema for each status whose problems add members, with its name.
pub(super) fn detailed() -> [(StatusCode, &'static str, Schema); 6] {
    DETAILED.map(|status| {
        let (name, members) = match status {
            StatusCode::FORBIDDEN => ("ForbiddenProblem", ForbiddenMembers::schema()),
            StatusCode::CONFLICT => ("ConflictProblem", ConflictMembers::schema()),
            StatusCode::PRECONDITION_FAILED => ("StaleProblem", StaleMembers::schema()),
            StatusCode::PAYLOAD_TOO_LARGE => ("TooLargeProblem", TooLargeMembers::schema()),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("MediaTypeProblem", MediaTypeMembers::schema()),
            _ => ("InvalidProblem", InvalidMembers::schema()),
        };
        let types = ProblemType::ALL.into_iter();
        let types = types.filter(|kind| kind.status() == status);
        (status, name, extended(types, object(members)).into())
    })
}

/// Returns the schema of the problem of a batch item, which has any status: all members of all types.
pub(super) fn of_any_status() -> Schema {
    let mut all = Object::default();
    let detailed = detailed();
    let members = detailed.iter().filter_map(|(_, _, schema)| match schema {
        Schema::Object(object) => Some(object),
        _ => None,
    });
    for object in members {
        all.properties.extend(object.properties.clone());
    }
    all.description = Some("The problem of a write in a batch, of any status.".to_owned());
    extended(ProblemType::ALL, all).into()
}

/// Returns the schema of the problems of `types`, with additional members.
fn extended(types: impl IntoIterator<Item = ProblemType>, members: Object) -> Object {
    let mut whole = object(ProblemDocument::schema());
    whole.description = members.description;
    whole.properties.extend(members.properties);
    whole.required.extend(members.required);
    let code = codes(types).into();
    whole.properties.insert("code".to_owned(), code);
    whole
}

fn object(schema: RefOr<Schema>) -> Object {
    match schema {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::default(),
    }
}

/// The caller has no permission.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct ForbiddenMembers {
    /// The missing permission. Absent if the operation accepts no API keys.
    #[schema(nullable = false)]
    permission: Option<String>,
}

/// A conflict with another resource or with the status of the post.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct ConflictMembers {
    /// The id of the post that has the value, if known.
    #[schema(nullable = false)]
    holder: Option<Uuid>,
    /// With `slug_taken`: similar free slugs.
    #[schema(nullable = false)]
    suggestions: Option<Vec<String>>,
    /// With `illegal_transition`: the status of the post.
    #[schema(schema_with = statuses)]
    post_status: Option<String>,
    /// With `illegal_transition`: the transitions that the status allows.
    #[schema(schema_with = transitions)]
    legal: Option<Vec<String>>,
    /// With `byline_in_use`: the number of published and scheduled posts that name the byline, as far as known.
    #[schema(nullable = false)]
    count: Option<u64>,
    /// With `byline_in_use`: the ids of the first of these posts.
    #[schema(nullable = false, max_items = 10)]
    posts: Option<Vec<Uuid>>,
    /// With `image_in_use`: the first posts that use the image.
    #[schema(nullable = false, max_items = 10)]
    usages: Option<Vec<ConflictUsage>>,
    /// With `image_in_use`: true if more posts may use the image.
    #[schema(nullable = false)]
    has_more: Option<bool>,
}

/// A post that uses an image.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
pub(crate) struct ConflictUsage {
    /// The id of the post.
    post_id: Uuid,
    /// The title of its working copy.
    title: String,
}

fn statuses() -> Object {
    let about = "With `illegal_transition`: the status of the post.";
    names(StatusName::ALL.map(StatusName::as_str), about)
}

fn transitions() -> Schema {
    let about = "With `illegal_transition`: the transitions that the status allows.";
    let transition = names(Transition::ALL.map(Transition::as_str), "A transition.");
    ArrayBuilder::new()
        .items(RefOr::T(transition.into()))
        .description(Some(about))
        .build()
        .into()
}

/// The write is based on an outdated version. Without `mergeable`, the resource has no revisions.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct StaleMembers {
    /// The current version.
    current_version: u64,
    /// True if the write does not overlap with the concurrent changes: `merge=auto` applies both.
    #[schema(nullable = false)]
    mergeable: Option<bool>,
    /// The current revision.
    #[schema(nullable = false)]
    current_revision: Option<u64>,
    /// The revision on which the write is based, if it is known.
    #[schema(nullable = false)]
    base_revision: Option<u64>,
    /// The members that both changes set, by name.
    #[schema(nullable = false)]
    conflicts: Option<BTreeMap<String, MemberConflict>>,
    /// The overlapping changes of the body.
    #[schema(nullable = false)]
    body: Option<BodyConflict>,
    /// The complete revisions.
    #[schema(nullable = false)]
    links: Option<ConflictLinks>,
}

/// The values of a member that two changes set. A value of more than 2 KiB is an object with `truncated`, its beginning, and
/// `bytes`, its size.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
pub(crate) struct MemberConflict {
    /// The value in the base revision, if it is known.
    #[schema(required = false)]
    base: Value,
    /// The current value.
    current: Value,
    /// The value in the request.
    yours: Value,
}

/// The overlapping changes of two bodies.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
pub(crate) struct BodyConflict {
    /// The first overlapping changes.
    #[schema(max_items = 500)]
    hunks: Vec<ConflictHunk>,
    /// The number of further ones, if any.
    #[schema(nullable = false)]
    omitted: Option<u64>,
}

/// Lines that two changes of a body changed. A text of more than 2 KiB is an object with `truncated`, its beginning, and
/// `bytes`, its size.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
pub(crate) struct ConflictHunk {
    /// The number of the first line in the base revision, from 1.
    line: u64,
    /// The text in the base revision.
    base: Value,
    /// The current text.
    current: Value,
    /// The text in the request.
    yours: Value,
}

/// URLs of the complete revisions.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
pub(crate) struct ConflictLinks {
    /// The current revision.
    #[schema(format = "uri-reference")]
    current: String,
    /// The revision on which the write is based.
    #[schema(format = "uri-reference", nullable = false)]
    base: Option<String>,
    /// The changes between both.
    #[schema(format = "uri-reference", nullable = false)]
    diff: Option<String>,
}

/// The body exceeds the maximum size.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct TooLargeMembers {
    /// The maximum size in bytes, if it is fixed.
    #[schema(nullable = false)]
    max_bytes: Option<u64>,
}

/// The operation does not support the media type of the body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct MediaTypeMembers {
    /// The supported media types.
    #[schema(nullable = false)]
    accepted: Option<Vec<String>>,
}

/// The request has invalid members, or its text is too complex.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a document")]
struct InvalidMembers {
    /// With `too_complex`: the exceeded limit.
    #[schema(nullable = false)]
    limit: Option<String>,
    /// With `too_complex`: the maximum.
    #[schema(nullable = false)]
    max: Option<u64>,
}
