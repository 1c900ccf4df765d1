use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use tintero_domain::{
    categories::{Categories, Removal},
    values::{CategoryId, IdOrSlug},
};
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{
        RefOr, Response as Documented,
        path::{Parameter, ParameterIn},
    },
};

use super::super::{operations::Operation, parameters::UnkeyedEditParams, posts::Unkeyed};
use crate::{
    body::{Body, Members, Record, described},
    extract::{Asked, Edit, Parameters, Params, parameters},
    problem::{GoneResponse, Problem},
    respond::{Accepted, NoContent},
};

/// What a category is merged into.
pub(crate) struct MergeCategory {
    into: IdOrSlug<CategoryId>,
}

impl Record for MergeCategory {
    fn read(members: &mut Members) -> Option<Self> {
        let about = "The category that stands for it from now on, by id or slug.";
        let into = members.required("into", about);
        Some(Self { into: into? })
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
    fn read(params: &mut Params) -> Option<Self> {
        let about = "The category that takes over its posts, by id or slug; this is a merge.";
        Some(Self(params.optional("reassign_to", about)))
    }
}

impl IntoParams for Reassign {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// What came of the wish to delete a category.
pub(super) enum Removed {
    Deleted,
    Merging(Box<Accepted<Operation>>),
}

impl IntoResponse for Removed {
    fn into_response(self) -> Response {
        match self {
            Self::Deleted => NoContent.into_response(),
            Self::Merging(accepted) => accepted.into_response(),
        }
    }
}

impl IntoResponses for Removed {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut responses = NoContent::responses();
        responses.extend(Accepted::<Operation>::responses());
        responses
    }
}

/// Deletes a category.
///
/// One without published posts is gone at once; drafts that name it lose it. One with posts is refused,
/// unless `reassign_to` says where they go: that is a merge. A category to which others belong is
/// refused.
#[utoipa::path(delete, path = "/v1/categories/{id}", tag = "categories", security(("bearer" = [])),
    params(UnkeyedEditParams, Reassign), responses(GoneResponse))]
pub(super) async fn delete_category(
    State(categories): State<Categories>,
    Asked(
        Reassign(reassign_to),
        Edit {
            caller,
            id,
            base,
            body: Unkeyed,
        },
    ): Asked<Reassign, Unkeyed, CategoryId>,
) -> Result<Removed, Problem> {
    let removal = categories.remove(&caller, id, base.version, reassign_to.as_ref());
    Ok(match removal.await? {
        Removal::Deleted => Removed::Deleted,
        Removal::Merging(operation) => Removed::Merging(Box::new((*operation).into())),
    })
}
