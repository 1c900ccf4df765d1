use axum::extract::State;
use tintero_domain::{tags::Tags, values::Tag};

use super::{super::operations::Operation, TagParams};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, build, described},
    extract::Unversioned,
    problem::Problem,
    respond::Accepted,
};

/// Another name of a tag.
pub(crate) struct PatchTag {
    name: Tag,
}

impl RequestObject for PatchTag {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The new name, as posts are to show it. No published post may have it yet.";
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
/// From this answer on the new name stands for the old one everywhere and for good: in lists, in
/// working copies and old revisions, and in what clients write. The posts are moved by the operation,
/// during which lists are as exact as before and after. A tag is there as long as a published post has
/// it; one that none has is 404. A name that published posts have is refused: two tags are put together
/// by a merge. The same renaming asked for again is the same operation, or, where that failed or was
/// cancelled, a new one that goes on. A name can come back once no post is left in its list.
#[utoipa::path(patch, path = "/v1/tags/{tag}", tag = "posts", security(("bearer" = [])),
    params(TagParams),
    request_body(content(
        (PatchTag = "application/merge-patch+json", example = json!({"name": "JavaScript"})),
        (PatchTag = "application/json", example = json!({"name": "JavaScript"})))))]
pub(super) async fn rename_tag(
    State(tags): State<Tags>,
    Unversioned { caller, id, body }: Unversioned<PatchTag, Tag>,
) -> Result<Accepted<Operation>, Problem> {
    let operation = tags.rename(&caller, &id, &body.name);
    Ok(operation.await?.into())
}
