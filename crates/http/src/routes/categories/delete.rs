use axum::extract::State;
use tintero_domain::{
    taxonomy::{Categories, CategoryRemoval},
    values::{CategoryId, IdOrSlug},
};

use super::super::{operations::OperationView, parameters::UnkeyedEditParams, posts::EmptyBody};
use crate::{
    body::Built,
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::{GoneResponse, InvalidResponse, Problem},
    respond::{Accepted, Either, NoContent},
};

/// Query parameters of a deletion.
pub(super) struct DeleteCategoryParams(Option<IdOrSlug<CategoryId>>);

impl Parameters for DeleteCategoryParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about =
            "The category to merge into, by id or slug. Required if the category has posts.";
        Built::from(Self(params.optional("reassign_to", about)))
    }
}

documented_params!(DeleteCategoryParams);

/// Deletes a category.
///
/// A category without published posts is deleted at once and removed from drafts. With `reassign_to`,
/// the category is merged instead. A category with published posts is deleted only by a merge. A
/// category with children cannot be deleted.
#[utoipa::path(delete, path = "/v1/categories/{id}", tag = "categories", security(("bearer" = [])),
    params(UnkeyedEditParams, DeleteCategoryParams), responses(GoneResponse, InvalidResponse))]
pub(super) async fn delete_category(
    State(categories): State<Categories>,
    EditWithQuery(
        DeleteCategoryParams(reassign_to),
        Edit {
            caller,
            id,
            base,
            body: EmptyBody,
        },
    ): EditWithQuery<DeleteCategoryParams, EmptyBody, CategoryId>,
) -> Result<Either<NoContent, Accepted<OperationView>>, Problem> {
    let removal = categories.remove(&caller, id, base.version, reassign_to.as_ref());
    Ok(match removal.await? {
        CategoryRemoval::Deleted => Either::first(NoContent),
        CategoryRemoval::Merging(operation) => Either::second(Accepted::of(*operation, &caller)),
    })
}
