use axum::extract::State;
use tintero_domain::{
    taxonomy::Categories,
    values::{CategoryId, IdOrSlug},
};

use super::super::{operations::OperationView, parameters::UnkeyedEditParams};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Edit,
    problem::{GoneResponse, Problem},
    respond::Accepted,
};

/// A request to merge a category.
pub(crate) struct MergeCategory {
    into: IdOrSlug<CategoryId>,
}

impl RequestObject for MergeCategory {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The category to merge into, by id or slug.";
        let into = fields.required("into", about);
        build(move || Some(Self { into: into? }))
    }
}

impl Body for MergeCategory {
    const KEYED: bool = false;
}

described!(MergeCategory);

/// Merges a category into another one.
///
/// The merge takes effect at once and is permanent: lists and working copies use the target, and the
/// URL of the merged category responds 308. The operation then relocates the posts; lists are complete
/// at any time. A category with children cannot be merged. A repeated request returns the same
/// operation, or a new one if that failed or was cancelled.
#[utoipa::path(post, path = "/v1/categories/{id}/merge", tag = "categories", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = MergeCategory, example = json!({"into": "sin-servidor"})),
    responses(GoneResponse))]
pub(super) async fn merge_category(
    State(categories): State<Categories>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<MergeCategory, CategoryId>,
) -> Result<Accepted<OperationView>, Problem> {
    let operation = categories.merge(&caller, id, base.version, &body.into);
    Ok(Accepted::of(operation.await?, &caller))
}
