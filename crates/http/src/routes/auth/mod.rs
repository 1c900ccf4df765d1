//! Sign-in, sessions and passwords.

mod keys;
mod passwords;
mod sessions;

use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    Error,
    accounts::{Accounts, RefreshToken, SignedIn},
    error::SignInFault,
    values::{Email, Password},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::{
    keys::Issuer,
    sessions::{SessionList, SessionView},
};
use crate::{
    app::App,
    auth::AccessTokens,
    body::{Body, Built, FieldReader, RequestObject, SingleLine, build, described},
    extract::SecretRequest,
    problem::Problem,
    respond::{NoContent, Secret, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open_session))
        .routes(routes!(refresh_session))
        .routes(routes!(close_session))
        .merge(keys::routes())
        .merge(passwords::routes())
        .merge(sessions::routes())
}

/// The credentials of a user.
pub(crate) struct Login {
    email: Email,
    password: Password,
}

impl RequestObject for Login {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let email = fields.required("email", "The e-mail address of the account.");
        let password = fields.required("password", "The password.");
        build(move || {
            Some(Self {
                email: email?,
                password: password?,
            })
        })
    }
}

impl Body for Login {}

described!(Login);

/// The refresh token of a session.
pub(crate) struct SessionToken {
    refresh_token: String,
}

impl SessionToken {
    /// Parses the token.
    fn token(&self) -> Result<RefreshToken, Error> {
        RefreshToken::parse(&self.refresh_token)
            .ok_or(Error::Unauthenticated(SignInFault::RefreshToken))
    }
}

impl RequestObject for SessionToken {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The refresh token from the last login or refresh.";
        let token = fields.required::<SingleLine<512>>("refresh_token", about);
        build(move || {
            let SingleLine(refresh_token) = token?;
            Some(Self { refresh_token })
        })
    }
}

impl Body for SessionToken {}

described!(SessionToken as Session);

/// A pair of tokens ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// The access token, for `Authorization: Bearer <token>`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// The validity of the access token in seconds.
    expires_in: u64,
    /// The refresh token. It can be used once; each refresh returns a new one. Null if the disk of the server is full.
    #[schema(required)]
    refresh_token: Option<String>,
}

impl Tokens {
    fn of(session: &SignedIn, tokens: &AccessTokens) -> Self {
        Self {
            access_token: tokens.issue(session.user_id, session.session(), session.at),
            token_type: "Bearer",
            expires_in: AccessTokens::LIFETIME.as_secs(),
            refresh_token: session.refresh_token.as_ref().map(RefreshToken::expose),
        }
    }
}

impl View for Tokens {
    fn example() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJSUzI1NiIsImtpZCI6IuKApiJ9.e30.c2ln"
                .to_owned(),
            token_type: "Bearer",
            expires_in: AccessTokens::LIFETIME.as_secs(),
            refresh_token: Some("01912d68783e7a0384675661c1243ad4.c2VjcmV0".to_owned()),
        }
    }
}

/// Creates a session.
///
/// Returns a pair of tokens. Fails with 401 if the e-mail address or the password is wrong.
#[utoipa::path(post, path = "/v1/auth/login", tag = "accounts",
    request_body(content = Login, example = json!({"email": "ana@example.org", "password": "correct horse battery"})))]
async fn open_session(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    SecretRequest { request, body }: SecretRequest<Login>,
) -> Result<Secret<Tokens>, Problem> {
    let session = accounts
        .sign_in(&request, &body.email, &body.password)
        .await?;
    Ok(Secret(Tokens::of(&session, &tokens)))
}

/// Refreshes a session.
///
/// Returns a new pair of tokens. A refresh token can be used once. If it is used again, the session ends, because the
/// token may have been stolen.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "accounts",
    request_body(content = SessionToken, example = json!({"refresh_token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0"})))]
async fn refresh_session(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    SecretRequest { request, body }: SecretRequest<SessionToken>,
) -> Result<Secret<Tokens>, Problem> {
    let session = accounts.refresh(&request, &body.token()?).await?;
    Ok(Secret(Tokens::of(&session, &tokens)))
}

/// Ends a session.
///
/// Also succeeds if the session has already ended.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "accounts",
    request_body(content = SessionToken, example = json!({"refresh_token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0"})))]
async fn close_session(
    State(accounts): State<Accounts>,
    SecretRequest { request, body }: SecretRequest<SessionToken>,
) -> Result<NoContent, Problem> {
    accounts.sign_out(&request, &body.token()?).await?;
    Ok(NoContent)
}
