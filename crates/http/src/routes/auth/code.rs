//! The second step of a sign-in.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    Error,
    accounts::{Accounts, ChallengeToken, PendingSignIn, SecondFactorCode, SessionKind},
    error::SignInFault,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{NewSession, Tokens, cookie_of, end_replaced};
use crate::{
    app::{App, HttpConfig},
    auth::AccessTokens,
    body::{Body, Built, FieldReader, RequestObject, SingleLine, build, described},
    extract::{BrowserRequest, SecretRequest},
    problem::Problem,
    respond::{Either, Secret, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(open_session_with_code))
}

/// A sign-in that needs a code.
#[derive(Serialize, ToSchema)]
pub(crate) struct PendingLogin {
    /// The token for `POST /v1/auth/login/code`. It is valid for one sign-in.
    challenge: String,
    /// The validity of the token in seconds.
    expires_in: u64,
}

impl From<PendingSignIn> for PendingLogin {
    fn from(pending: PendingSignIn) -> Self {
        Self {
            challenge: pending.token.expose(),
            expires_in: pending.valid_for.as_secs(),
        }
    }
}

impl View for PendingLogin {
    fn example() -> Self {
        Self {
            challenge: "01912d68783e7a0384675661c1243ad4.c2VjcmV0".to_owned(),
            expires_in: 300,
        }
    }
}

/// A code that completes a sign-in.
pub(crate) struct LoginCode {
    challenge: String,
    code: SecondFactorCode,
    kind: SessionKind,
}

impl RequestObject for LoginCode {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The token from the first step of the sign-in.";
        let challenge = fields.required::<SingleLine<512>>("challenge", about);
        let about = "The current code of the authenticator, or a recovery code.";
        let code = fields.required("code", about);
        let about = "`tokens` returns tokens. `cookie` sets a cookie, for pages of the same origin. By default `tokens`.";
        let kind = fields.optional::<SessionKind>("session", about);
        build(move || {
            let SingleLine(challenge) = challenge?;
            Some(Self {
                challenge,
                code: code?,
                kind: kind.unwrap_or_default(),
            })
        })
    }
}

impl Body for LoginCode {}

described!(LoginCode);

/// Completes a sign-in with a code.
///
/// Returns a pair of tokens, or sets a session cookie. A code is accepted once. Fails with 401 if the code is wrong or was
/// used, or the sign-in has expired.
#[utoipa::path(post, path = "/v1/auth/login/code", tag = "accounts",
    request_body(content = LoginCode,
        example = json!({"challenge": "01912d68783e7a0384675661c1243ad4.c2VjcmV0", "code": "492039"})))]
async fn open_session_with_code(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    State(config): State<Arc<HttpConfig>>,
    browser: BrowserRequest,
    SecretRequest { request, body }: SecretRequest<LoginCode>,
) -> Result<NewSession, Problem> {
    let refused = Error::Unauthenticated(SignInFault::Challenge);
    let challenge = ChallengeToken::parse(&body.challenge).ok_or(refused)?;
    match body.kind {
        SessionKind::Tokens => {
            let session = accounts.complete_sign_in(&request, &challenge, &body.code);
            Ok(Either::first(Secret(Tokens::of(&session.await?, &tokens))))
        }
        SessionKind::Cookie => {
            browser.require_own_page()?;
            let session = accounts.complete_sign_in_browser(&request, &challenge, &body.code);
            let session = session.await?;
            end_replaced(&accounts, &request, browser.cookie()?).await;
            Ok(Either::second(cookie_of(&session, &config)))
        }
    }
}
