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

use crate::{
    app::App,
    auth::{AccessTokens, Jwk, Jwks},
    body::{Body, Line, Members, Record},
    extract::Json,
    problem::Problem,
    respond::{Fixed, NoContent, Secret, View},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open_session))
        .routes(routes!(refresh_session))
        .routes(routes!(close_session))
        .routes(routes!(get_jwks))
}

/// Who wants to sign in.
pub(crate) struct Login {
    email: Email,
    password: Password,
}

impl Record for Login {
    fn read(members: &mut Members) -> Option<Self> {
        let email = members.required("email", "The name of the account.");
        let password = members.required("password", "Its password.");
        Some(Self {
            email: email?,
            password: password?,
        })
    }
}

impl Body for Login {}

crate::body::described!(Login);

/// What continues or ends a session.
pub(crate) struct Session {
    refresh_token: String,
}

impl Session {
    /// The token, when it could be one of ours.
    fn token(&self) -> Result<RefreshToken, Error> {
        RefreshToken::parse(&self.refresh_token)
            .ok_or(Error::Unauthenticated(SignInFault::RefreshToken))
    }
}

impl Record for Session {
    fn read(members: &mut Members) -> Option<Self> {
        let about = "The refresh token as the last sign-in or refresh returned it.";
        let Line(refresh_token) = members.required::<Line<512>>("refresh_token", about)?;
        Some(Self { refresh_token })
    }
}

impl Body for Session {}

crate::body::described!(Session);

/// A pair of tokens ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Goes into `Authorization: Bearer <token>`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token is worth something, in seconds.
    expires_in: u64,
    /// Continues the session once; each refresh returns a new one.
    refresh_token: String,
}

impl Tokens {
    fn of(session: &SignedIn, tokens: &AccessTokens) -> Self {
        Self {
            access_token: tokens.issue(session.user_id, session.at),
            token_type: "Bearer",
            expires_in: AccessTokens::LIFETIME.as_secs(),
            refresh_token: session.refresh_token.expose(),
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
            refresh_token: "01912d68783e7a0384675661c1243ad4.c2VjcmV0".to_owned(),
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/v1/auth/login", tag = "accounts",
    request_body(content = Login, example = json!({"email": "ana@example.org", "password": "correct horse battery"})))]
async fn open_session(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    Json { request, body }: Json<Login>,
) -> Result<Secret<Tokens>, Problem> {
    let session = accounts
        .sign_in(&request, &body.email, &body.password)
        .await?;
    Ok(Secret(Tokens::of(&session, &tokens)))
}

/// Continues a session with a new pair of tokens.
///
/// A refresh token works once. Presenting it again ends the session, because either it or its
/// successor was stolen.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "accounts",
    request_body(content = Session, example = json!({"refresh_token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0"})))]
async fn refresh_session(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    Json { request, body }: Json<Session>,
) -> Result<Secret<Tokens>, Problem> {
    let session = accounts.refresh(&request, &body.token()?).await?;
    Ok(Secret(Tokens::of(&session, &tokens)))
}

/// Ends a session. Signing out twice is no error.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "accounts",
    request_body(content = Session, example = json!({"refresh_token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0"})))]
async fn close_session(
    State(accounts): State<Accounts>,
    Json { request, body }: Json<Session>,
) -> Result<NoContent, Problem> {
    accounts.sign_out(&request, &body.token()?).await?;
    Ok(NoContent)
}

impl View for Jwks {
    fn example() -> Self {
        Self {
            keys: vec![Jwk {
                kty: "RSA",
                usage: "sig",
                alg: "RS256",
                kid: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs".to_owned(),
                n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z".to_owned(),
                e: "AQAB".to_owned(),
            }],
        }
    }
}

/// The public keys that verify access tokens.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "accounts")]
async fn get_jwks(State(tokens): State<AccessTokens>) -> Result<Fixed<Jwks>, Problem> {
    Ok(Fixed(tokens.jwks()))
}
