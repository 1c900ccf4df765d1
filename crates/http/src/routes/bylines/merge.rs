use axum::extract::State;
use tintero_domain::{
    bylines::{BylineRemoval, Bylines},
    values::{BylineId, IdOrSlug},
};

use super::super::{operations::OperationView, parameters::UnkeyedEditParams, posts::EmptyBody};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::{Edit, EditWithQuery, Parameters, Params, documented_params},
    problem::{GoneResponse, InvalidResponse, Problem},
    respond::{Accepted, Either, NoContent},
};

/// A request to merge a byline.
pub(crate) struct MergeByline {
    into: IdOrSlug<BylineId>,
}

impl RequestObject for MergeByline {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The byline to merge into, by id or slug.";
        let into = fields.required("into", about);
        build(move || Some(Self { into: into? }))
    }
}

impl Body for MergeByline {
    const KEYED: bool = false;
}

described!(MergeByline);

/// Query parameters of a deletion.
pub(super) struct DeleteBylineParams(Option<IdOrSlug<BylineId>>);

impl Parameters for DeleteBylineParams {
    fn read(params: &mut Params) -> Built<Self> {
        let about = "The byline to merge into, by id or slug. Required if posts name the byline.";
        Built::from(Self(params.optional("reassign_to", about)))
    }
}

documented_params!(DeleteBylineParams);

/// Merges a byline into another one.
///
/// The merge takes effect at once and is permanent: lists and working copies use the target, and the URL of the merged
/// byline responds 308. The operation then relocates the posts; lists are complete at any time. A repeated request
/// returns the same operation, or a new one if that failed or was cancelled.
#[utoipa::path(post, path = "/v1/bylines/{id}/merge", tag = "bylines", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = MergeByline, example = json!({"into": "ana-garcia"})),
    responses(GoneResponse))]
pub(super) async fn merge_byline(
    State(bylines): State<Bylines>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<MergeByline, BylineId>,
) -> Result<Accepted<OperationView>, Problem> {
    let operation = bylines.merge(&caller, id, base.version, &body.into);
    Ok(Accepted::of(operation.await?, &caller))
}

/// Deletes a byline.
///
/// A byline without published or scheduled posts is deleted at once and removed from drafts. With `reassign_to`, the
/// byline is merged instead.
#[utoipa::path(delete, path = "/v1/bylines/{id}", tag = "bylines", security(("bearer" = [])),
    params(UnkeyedEditParams, DeleteBylineParams), responses(GoneResponse, InvalidResponse))]
pub(super) async fn delete_byline(
    State(bylines): State<Bylines>,
    EditWithQuery(
        DeleteBylineParams(reassign_to),
        Edit {
            caller,
            id,
            base,
            body: EmptyBody,
        },
    ): EditWithQuery<DeleteBylineParams, EmptyBody, BylineId>,
) -> Result<Either<NoContent, Accepted<OperationView>>, Problem> {
    let removal = bylines.remove(&caller, id, base.version, reassign_to.as_ref());
    Ok(match removal.await? {
        BylineRemoval::Deleted => Either::first(NoContent),
        BylineRemoval::Merging(operation) => Either::second(Accepted::of(*operation, &caller)),
    })
}
