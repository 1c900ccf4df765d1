use std::sync::Arc;

use axum::extract::State;
use tintero_domain::{
    Error,
    accounts::{Accounts, ResetToken},
    error::SignInFault,
    values::{Email, Password},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{NewSession, Tokens, cookie_of};
use crate::{
    app::{App, HttpConfig},
    auth::AccessTokens,
    body::{Body, Built, FieldReader, NewPassword, RequestObject, SingleLine, build, described},
    extract::{BrowserRequest, SecretRequest, SecretWrite},
    problem::Problem,
    respond::{Either, NoContent, Queued, Secret},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(request_password_reset))
        .routes(routes!(complete_password_reset))
}

/// A change of the caller's password.
pub(crate) struct PasswordPatch {
    current: Password,
    new: Password,
}

impl RequestObject for PasswordPatch {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let current = fields.required("current_password", "The current password.");
        let about =
            "The new password. It must not be common and must not contain the e-mail address.";
        let new = fields.required::<NewPassword>("new_password", about);
        build(move || {
            let NewPassword(new) = new?;
            Some(Self {
                current: current?,
                new,
            })
        })
    }
}

impl Body for PasswordPatch {}

described!(PasswordPatch);

/// A request for a token to reset a password.
pub(crate) struct ResetRequest {
    email: Email,
}

impl RequestObject for ResetRequest {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let email = fields.required("email", "The e-mail address of the account.");
        build(move || Some(Self { email: email? }))
    }
}

impl Body for ResetRequest {}

described!(ResetRequest);

/// A new password with the token that allows it.
pub(crate) struct ResetCompletion {
    token: String,
    password: Password,
}

impl RequestObject for ResetCompletion {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let token = fields.required::<SingleLine<512>>("token", "The token from the mail.");
        let about =
            "The new password. It must not be common and must not contain the e-mail address.";
        let password = fields.required::<NewPassword>("password", about);
        build(move || {
            let (SingleLine(token), NewPassword(password)) = (token?, password?);
            Some(Self { token, password })
        })
    }
}

impl Body for ResetCompletion {}

described!(ResetCompletion);

/// Changes the caller's password.
///
/// Ends all sessions of the caller and returns the tokens of a new one, or sets its cookie if the caller has one. Does
/// not accept API keys.
#[utoipa::path(post, path = "/v1/me/password", tag = "accounts", security(("bearer" = [])),
    request_body(content = PasswordPatch,
        example = json!({"current_password": "correct horse battery", "new_password": "staple of the old horse"})))]
async fn change_password(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    State(config): State<Arc<HttpConfig>>,
    browser: BrowserRequest,
    SecretWrite { caller, body }: SecretWrite<PasswordPatch>,
) -> Result<NewSession, Problem> {
    let PasswordPatch { current, new } = &body;
    if browser.cookie()?.is_some() {
        let session = accounts
            .change_password_in_browser(&caller, current, new)
            .await?;
        return Ok(Either::second(cookie_of(&session, &config)));
    }
    let session = accounts.change_password(&caller, current, new).await?;
    Ok(Either::first(Secret(Tokens::of(&session, &tokens))))
}

/// Requests a token to reset a password.
///
/// Sends it by mail to the address, if it is that of an account. The response is always the same.
#[utoipa::path(post, path = "/v1/auth/password-resets", tag = "accounts",
    request_body(content = ResetRequest, example = json!({"email": "ana@example.org"})))]
async fn request_password_reset(
    State(accounts): State<Accounts>,
    SecretRequest { request, body }: SecretRequest<ResetRequest>,
) -> Result<Queued, Problem> {
    accounts
        .request_password_reset(&request, &body.email)
        .await?;
    Ok(Queued)
}

/// Resets a password.
///
/// Needs the token from the mail, which is valid once. Ends all sessions of the account.
#[utoipa::path(post, path = "/v1/auth/password-resets/complete", tag = "accounts",
    request_body(content = ResetCompletion,
        example = json!({"token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0", "password": "staple of the old horse"})))]
async fn complete_password_reset(
    State(accounts): State<Accounts>,
    SecretRequest { request, body }: SecretRequest<ResetCompletion>,
) -> Result<NoContent, Problem> {
    let token =
        ResetToken::parse(&body.token).ok_or(Error::Unauthenticated(SignInFault::ResetToken))?;
    accounts
        .complete_password_reset(&request, &token, &body.password)
        .await?;
    Ok(NoContent)
}
