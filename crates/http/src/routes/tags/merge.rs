use axum::extract::State;
use tintero_domain::{tags::Tags, values::Tag};

use super::{super::operations::Operation, TagParams};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Unversioned,
    problem::Problem,
    respond::Accepted,
};

/// What a tag is merged into.
pub(crate) struct MergeTag {
    into: Tag,
}

impl RequestObject for MergeTag {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The tag that stands for it from now on, as posts are to show it.";
        let into = fields.required("into", about);
        build(move || Some(Self { into: into? }))
    }
}

impl Body for MergeTag {
    const KEYED: bool = false;
}

described!(MergeTag);

/// Merges a tag into another one.
///
/// From this answer on the other one stands for it everywhere and for good, as after a renaming. The
/// posts are moved by the operation, during which lists are as exact as before and after. Published
/// posts must have both. The same merge asked for again is the same operation, or, where that failed or
/// was cancelled, a new one that goes on.
#[utoipa::path(post, path = "/v1/tags/{tag}/merge", tag = "posts", security(("bearer" = [])),
    params(TagParams),
    request_body(content = MergeTag, example = json!({"into": "JavaScript"})))]
pub(super) async fn merge_tag(
    State(tags): State<Tags>,
    Unversioned { caller, id, body }: Unversioned<MergeTag, Tag>,
) -> Result<Accepted<Operation>, Problem> {
    let operation = tags.merge(&caller, &id, &body.into);
    Ok(operation.await?.into())
}
