use axum::extract::State;
use tintero_domain::{
    accounts::{NewInvitation, Users},
    values::{DisplayName, Email, UserId},
};

use super::{InvitationView, about};
use crate::{
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::{Unversioned, Write},
    problem::Problem,
    respond::CreatedSecret,
    routes::posts::EmptyBody,
};

/// A user to be invited.
pub(crate) struct InviteUser(NewInvitation);

impl RequestObject for InviteUser {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let email: Option<Email> = fields.required("email", "The e-mail address of the account.");
        let about = "The display name. Default: the part of the e-mail address before the @.";
        let name: Option<DisplayName> = fields.optional("display_name", about);
        let role = fields.required("role", about::ROLE);
        let language = fields.optional("language", about::LANGUAGE);
        let display_name = match (name, &email) {
            (Some(name), _) => Some(name),
            (None, Some(email)) => fields.check("email", email.local_part().parse()),
            (None, None) => None,
        };
        build(move || {
            Some(Self(NewInvitation {
                email: email?,
                display_name: display_name?,
                role: role?,
                language,
            }))
        })
    }
}

impl Body for InviteUser {
    const SECRET: bool = true;
}

described!(InviteUser);

/// Invites a user.
///
/// Creates a user with status `invited` and a token, which is shown once and valid for 7 days. Pass the token to the
/// user, who sets a password with `POST /v1/auth/invitations/accept`.
#[utoipa::path(post, path = "/v1/users", tag = "users", security(("bearer" = [])),
    request_body(content = InviteUser, example = json!({"email": "ana@example.org", "role": "author"})))]
pub(super) async fn invite_user(
    State(users): State<Users>,
    Write { caller, body }: Write<InviteUser>,
) -> Result<CreatedSecret<InvitationView>, Problem> {
    let invited = users.invite((&caller).into(), body.0).await?;
    let (location, view) = InvitationView::of(invited, &caller);
    Ok(CreatedSecret { location, view })
}

/// Invites a user again.
///
/// Returns a new token. The earlier one becomes invalid. The user must have the status `invited`.
#[utoipa::path(post, path = "/v1/users/{id}/invitation", tag = "users", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The user.")))]
pub(super) async fn renew_invitation(
    State(users): State<Users>,
    Unversioned {
        caller,
        id,
        body: EmptyBody,
    }: Unversioned<EmptyBody, UserId>,
) -> Result<CreatedSecret<InvitationView>, Problem> {
    let invited = users.invite_again((&caller).into(), id).await?;
    let (location, view) = InvitationView::of(invited, &caller);
    Ok(CreatedSecret { location, view })
}
