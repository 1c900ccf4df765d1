use axum::extract::State;
use tintero_domain::{taxonomy::Tags, values::Tag};

use super::{super::operations::OperationView, TagParams};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, build, described},
    extract::Unversioned,
    problem::Problem,
    respond::Accepted,
};

/// A request to rename a tag.
pub(crate) struct PatchTag {
    name: Tag,
}

impl RequestObject for PatchTag {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The new name, in the spelling that posts get. No published post may have it.";
        let name = fields.required("name", about);
        build(move || Some(Self { name: name? }))
    }
}

impl Body for PatchTag {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchTag);

/// Renames a tag.
///
/// The renaming takes effect at once and is permanent: the new name replaces the old one in lists,
/// working copies, old revisions and requests. The operation then relocates the posts; lists are
/// complete at any time. A tag exists as long as a published post has it; other tags respond 404. To
/// use the name of an existing tag, merge the tags. A repeated request returns the same operation, or a
/// new one if that failed or was cancelled. An old name can be used again after the operation.
#[utoipa::path(patch, path = "/v1/tags/{tag}", tag = "posts", security(("bearer" = [])),
    params(TagParams),
    request_body(content = PatchTag, content_type = "application/merge-patch+json", example = json!({"name": "JavaScript"})))]
pub(super) async fn rename_tag(
    State(tags): State<Tags>,
    Unversioned { caller, id, body }: Unversioned<PatchTag, Tag>,
) -> Result<Accepted<OperationView>, Problem> {
    let operation = tags.rename(&caller, &id, &body.name);
    Ok(Accepted::of(operation.await?, &caller))
}
