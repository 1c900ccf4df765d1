use axum::extract::State;
use tintero_domain::{
    categories::{Categories, Removal},
    values::{CategoryId, IdOrSlug},
};

use super::super::{operations::Operation, parameters::UnkeyedEditParams, posts::EmptyBody};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::{GoneResponse, Problem},
    respond::{Accepted, Either, NoContent},
};

/// What a category is merged into.
pub(crate) struct MergeCategory {
    into: IdOrSlug<CategoryId>,
}

impl RequestObject for MergeCategory {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The category that stands for it from now on, by id or slug.";
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
/// From this answer on the other one stands for it everywhere: in lists, in working copies, at its
/// own address (308). The posts are moved by the operation, during which lists are as exact as before
/// and after. A category to which others belong is refused. The same merge asked for again is the
/// same operation, or, where that failed or was cancelled, a new one that goes on.
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
) -> Result<Accepted<Operation>, Problem> {
    let operation = categories.merge(&caller, id, base.version, &body.into);
    Ok(operation.await?.into())
}

/// Where the posts of a category go that is deleted.
pub(super) struct Reassign(Option<IdOrSlug<CategoryId>>);

impl Parameters for Reassign {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The category that takes over its posts, by id or slug; this is a merge.";
        Built::from(Self(params.optional("reassign_to", about)))
    }
}

documented_params!(Reassign);

/// Deletes a category.
///
/// One without published posts is gone at once; drafts that name it lose it. One with posts is refused,
/// unless `reassign_to` says where they go: that is a merge. A category to which others belong is
/// refused.
#[utoipa::path(delete, path = "/v1/categories/{id}", tag = "categories", security(("bearer" = [])),
    params(UnkeyedEditParams, Reassign), responses(GoneResponse))]
pub(super) async fn delete_category(
    State(categories): State<Categories>,
    EditWithQuery(
        Reassign(reassign_to),
        Edit {
            caller,
            id,
            base,
            body: EmptyBody,
        },
    ): EditWithQuery<Reassign, EmptyBody, CategoryId>,
) -> Result<Either<NoContent, Accepted<Operation>>, Problem> {
    let removal = categories.remove(&caller, id, base.version, reassign_to.as_ref());
    Ok(match removal.await? {
        Removal::Deleted => Either::first(NoContent),
        Removal::Merging(operation) => Either::second(*operation),
    })
}
