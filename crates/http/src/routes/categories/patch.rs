use axum::extract::State;
use tintero_domain::{
    access::ManagedKind,
    taxonomy::{Categories, CategoryPatch},
    values::CategoryId,
};

use super::{super::parameters::UnkeyedEditParams, CategoryView, about, tagged};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, described},
    extract::Edit,
    problem::{GoneResponse, Problem},
    respond::Tagged,
    routes::allowed::names,
};

/// A merge patch for a category.
pub(crate) struct PatchCategory(CategoryPatch);

impl RequestObject for PatchCategory {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self(CategoryPatch {
            name: fields.settable("name", about::NAME),
            slug: fields.settable("slug", about::SLUG),
            parent_id: fields.clearable("parent_id", about::PARENT),
        }))
    }
}

impl Body for PatchCategory {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchCategory);

/// Changes the name, slug or parent of a category.
#[utoipa::path(patch, path = "/v1/categories/{id}", tag = "categories", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = PatchCategory, content_type = "application/merge-patch+json", example = json!({"name": "Serverless"})),
    responses(GoneResponse))]
pub(super) async fn update_category(
    State(categories): State<Categories>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchCategory, CategoryId>,
) -> Result<Tagged<CategoryView>, Problem> {
    let updated = categories.update(&caller, id, base.version, body.0).await?;
    let allowed = names(caller.allowed_on(ManagedKind::Category));
    Ok(tagged(updated, Some(allowed)))
}
