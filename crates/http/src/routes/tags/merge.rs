use axum::extract::State;
use tintero_domain::{taxonomy::Tags, values::Tag};

use super::{super::operations::OperationView, TagParams};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Unversioned,
    problem::Problem,
    respond::Accepted,
};

/// A request to merge a tag.
pub(crate) struct MergeTag {
    into: Tag,
}

impl RequestObject for MergeTag {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The tag to merge into, in the spelling that posts get.";
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
/// The merge takes effect at once and is permanent: the target replaces the tag in lists, working
/// copies, old revisions and requests. The operation then relocates the posts; lists are complete at
/// any time. Both tags must be in use by published posts. A repeated request returns the same
/// operation, or a new one if that failed or was cancelled.
#[utoipa::path(post, path = "/v1/tags/{tag}/merge", tag = "posts", security(("bearer" = [])),
    params(TagParams),
    request_body(content = MergeTag, example = json!({"into": "JavaScript"})))]
pub(super) async fn merge_tag(
    State(tags): State<Tags>,
    Unversioned { caller, id, body }: Unversioned<MergeTag, Tag>,
) -> Result<Accepted<OperationView>, Problem> {
    let operation = tags.merge(&caller, &id, &body.into);
    Ok(Accepted::of(operation.await?, &caller))
}
