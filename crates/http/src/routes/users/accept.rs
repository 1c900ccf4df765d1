use axum::extract::State;
use tintero_domain::{
    Error,
    access::RequestContext,
    accounts::{Acceptance, InvitationToken, Users},
    error::SignInFault,
    values::Password,
};

use super::about;
use crate::{
    body::{Body, Built, FieldReader, RequestObject, SingleLine, build, described},
    extract::SecretRequest,
    problem::Problem,
    respond::NoContent,
};

/// The acceptance of an invitation.
pub(crate) struct AcceptInvitation {
    token: String,
    acceptance: Acceptance,
}

impl RequestObject for AcceptInvitation {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let token = fields.required::<SingleLine<512>>("token", "The token of the invitation.");
        let presented: Option<Password> = fields.required("password", "The new password.");
        let password = presented.and_then(|password| {
            let chosen = Password::chosen(password.expose());
            fields.check("password", chosen)
        });
        let display_name = fields.optional("display_name", about::NAME);
        let language = fields.optional("language", about::LANGUAGE);
        build(move || {
            let SingleLine(token) = token?;
            Some(Self {
                token,
                acceptance: Acceptance {
                    password: password?,
                    display_name,
                    language,
                },
            })
        })
    }
}

impl Body for AcceptInvitation {}

described!(AcceptInvitation);

/// Accepts an invitation.
///
/// Sets the password of an invited user, who can then sign in. A token is valid once and for 7 days. Fails with 401 if
/// the token is unknown, replaced, used or expired.
#[utoipa::path(post, path = "/v1/auth/invitations/accept", tag = "accounts",
    request_body(content = AcceptInvitation, example = json!({
        "token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0", "password": "correct horse battery"})))]
pub(super) async fn accept_invitation(
    State(users): State<Users>,
    SecretRequest { request, body }: SecretRequest<AcceptInvitation>,
) -> Result<NoContent, Problem> {
    accept(&users, &request, body).await?;
    Ok(NoContent)
}

async fn accept(
    users: &Users,
    request: &RequestContext,
    body: AcceptInvitation,
) -> Result<(), Error> {
    let refused = Error::Unauthenticated(SignInFault::Invitation);
    let token = InvitationToken::parse(&body.token).ok_or(refused)?;
    users.accept(request, &token, body.acceptance).await?;
    Ok(())
}
