use axum::extract::State;
use tintero_domain::{
    accounts::{ProfilePatch, UserPatch, Users},
    values::UserId,
};

use super::{super::parameters::UnkeyedEditParams, UserView, about};
use crate::{
    body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// A merge patch of a user. Null clears a member.
pub(crate) struct PatchUser(UserPatch);

impl RequestObject for PatchUser {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let profile = ProfilePatch {
            display_name: fields.settable("display_name", about::NAME),
            language: fields.clearable("language", about::LANGUAGE),
            bio: fields.clearable("bio", about::BIO),
        };
        let role = fields.settable("role", about::ROLE);
        Built::from(Self(UserPatch { profile, role }))
    }
}

impl Body for PatchUser {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchUser);

/// Updates the profile or the role of a user.
///
/// The last active administrator must stay one.
#[utoipa::path(patch, path = "/v1/users/{id}", tag = "users", security(("bearer" = [])),
    params(UnkeyedEditParams),
    request_body(content = PatchUser, content_type = "application/merge-patch+json", example = json!({"role": "editor"})))]
pub(super) async fn update_user(
    State(users): State<Users>,
    Edit {
        caller,
        id,
        base,
        body,
    }: Edit<PatchUser, UserId>,
) -> Result<Tagged<UserView>, Problem> {
    let updated = users.update((&caller).into(), id, Some(base.version), body.0);
    Ok(UserView::tagged(updated.await?, &caller))
}
