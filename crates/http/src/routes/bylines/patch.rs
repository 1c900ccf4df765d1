use axum::extract::State;
use tintero_domain::{
    bylines::{BylinePatch, Bylines},
    values::BylineId,
};

use super::{super::parameters::UnkeyedEditParams, Byline, about};
use crate::{
    body::{Body, Members, Record, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// A change to a byline: a merge patch. Null clears.
pub(crate) struct PatchByline(BylinePatch);

impl Record for PatchByline {
    fn read(members: &mut Members) -> Option<Self> {
        Some(Self(BylinePatch {
            name: members.settable("name", about::NAME),
            slug: members.settable("slug", about::SLUG),
            position: members.clearable("position", about::POSITION),
            bio: members.clearable("bio", about::BIO),
            image_id: members.clearable("image_id", about::IMAGE),
        }))
    }
}

impl Body for PatchByline {
    const MEDIA_TYPES: &'static [&'static str] =
        &["application/merge-patch+json", "application/json"];
    const KEYED: bool = false;
}

described!(PatchByline);

/// Changes a byline.
#[utoipa::path(patch, path = "/v1/bylines/{id}", tag = "bylines", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content(
        (PatchByline = "application/merge-patch+json", example = json!({"position": null})),
        (PatchByline = "application/json", example = json!({"position": null})))))]
pub(super) async fn update_byline(
    State(bylines): State<Bylines>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchByline, BylineId>,
) -> Result<Tagged<Byline>, Problem> {
    let byline = bylines.update(&caller, id, base.version, body.0).await?;
    Ok(byline.into())
}
