use axum::extract::State;
use tintero_domain::{
    access::ManagedKind,
    bylines::{BylinePatch, Bylines},
    values::BylineId,
};

use super::{super::parameters::UnkeyedEditParams, BylineView, about, tagged};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, described},
    extract::Edit,
    problem::{GoneResponse, Problem},
    respond::Tagged,
    routes::allowed::names,
};

/// A merge patch of a byline. Null clears a member.
pub(crate) struct PatchByline(BylinePatch);

impl RequestObject for PatchByline {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        Built::from(Self(BylinePatch {
            name: fields.settable("name", about::NAME),
            slug: fields.settable("slug", about::SLUG),
            position: fields.clearable("position", about::POSITION),
            bio: fields.clearable("bio", about::BIO),
            image_id: fields.clearable("image_id", about::IMAGE),
            user_id: fields.clearable("user_id", about::USER),
        }))
    }
}

impl Body for PatchByline {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchByline);

/// Updates a byline.
#[utoipa::path(patch, path = "/v1/bylines/{id}", tag = "bylines", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = PatchByline, content_type = "application/merge-patch+json", example = json!({"position": null})),
    responses(GoneResponse))]
pub(super) async fn update_byline(
    State(bylines): State<Bylines>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchByline, BylineId>,
) -> Result<Tagged<BylineView>, Problem> {
    let byline = bylines.update(&caller, id, base.version, body.0).await?;
    let allowed = names(caller.allowed_on(ManagedKind::Byline));
    Ok(tagged(byline, Some(allowed)))
}
