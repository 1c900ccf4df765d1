//! Sign-in, sessions and passwords.

mod code;
mod issuers;
mod keys;
mod passwords;
mod second_factor;
mod sessions;

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tintero_domain::{
    Error, FieldErrors,
    access::RequestContext,
    accounts::{
        Accounts, CookieSession, CookieToken, RefreshToken, SessionKind, SignInStep, SignedIn,
    },
    error::SignInFault,
    values::{Code, Email, Password},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::{
    code::PendingLogin,
    issuers::{SignInIssuer, SignInIssuers},
    keys::{AuthorizationServer, Issuer},
    second_factor::{PendingSecondFactor, RecoveryCodes, SecondFactor},
    sessions::{SessionList, SessionView},
};
use crate::{
    app::{App, HttpConfig},
    auth::AccessTokens,
    body::{Body, Built, Choice, FieldReader, RequestObject, SingleLine, build, described},
    extract::{BrowserRequest, SecretRequest},
    problem::Problem,
    respond::{CookieChange, Either, NextStep, NoContent, Secret, View},
    session_cookie,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open_session))
        .routes(routes!(refresh_session))
        .routes(routes!(close_session))
        .merge(code::routes())
        .merge(issuers::routes())
        .merge(keys::routes())
        .merge(passwords::routes())
        .merge(second_factor::routes())
        .merge(sessions::routes())
}

/// The credentials of a user.
pub(crate) struct Login {
    email: Email,
    password: Password,
    kind: SessionKind,
}

impl Choice for SessionKind {
    const CHOICES: &'static [(&'static str, Self)] =
        &[("tokens", Self::Tokens), ("cookie", Self::Cookie)];
}

impl RequestObject for Login {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let email = fields.required("email", "The e-mail address of the account.");
        let password = fields.required("password", "The password.");
        let about = "`tokens` returns tokens. `cookie` sets a cookie, for pages of the same origin. By default `tokens`.";
        let kind = fields.optional::<SessionKind>("session", about);
        build(move || {
            Some(Self {
                email: email?,
                password: password?,
                kind: kind.unwrap_or_default(),
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

/// The end of a session.
pub(crate) struct Logout {
    token: Option<SessionToken>,
}

impl RequestObject for Logout {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The refresh token from the last login or refresh. Required unless the request has a session cookie.";
        let token = fields.optional::<SingleLine<512>>("refresh_token", about);
        let token = token.map(|SingleLine(refresh_token)| SessionToken { refresh_token });
        build(move || Some(Self { token }))
    }
}

impl Body for Logout {
    const OPTIONAL: bool = true;
}

described!(Logout);

/// Creates a session.
///
/// Returns a pair of tokens, or sets a session cookie. If the user has a second factor, returns a token for the second step,
/// `POST /v1/auth/login/code`. Fails with 401 if the e-mail address or the password is wrong.
#[utoipa::path(post, path = "/v1/auth/login", tag = "accounts",
    request_body(content = Login, example = json!({"email": "ana@example.org", "password": "correct horse battery"})))]
async fn open_session(
    State(accounts): State<Accounts>,
    State(tokens): State<AccessTokens>,
    State(config): State<Arc<HttpConfig>>,
    browser: BrowserRequest,
    SecretRequest { request, body }: SecretRequest<Login>,
) -> Result<Either<NewSession, NextStep<PendingLogin>>, Problem> {
    let Login {
        email, password, ..
    } = &body;
    match body.kind {
        SessionKind::Tokens => {
            let step = accounts.sign_in(&request, email, password).await?;
            Ok(opened(step, |session| {
                Either::first(Secret(Tokens::of(&session, &tokens)))
            }))
        }
        SessionKind::Cookie => {
            browser.require_own_page()?;
            let step = accounts.sign_in_browser(&request, email, password).await?;
            if let SignInStep::Done(_) = step {
                end_replaced(&accounts, &request, browser.cookie()?).await;
            }
            Ok(opened(step, |session| {
                Either::second(cookie_of(&session, &config))
            }))
        }
    }
}

/// Returns the new session, or what the second step needs.
fn opened<S>(
    step: SignInStep<S>,
    respond: impl FnOnce(S) -> NewSession,
) -> Either<NewSession, NextStep<PendingLogin>> {
    match step {
        SignInStep::Done(session) => Either::first(respond(session)),
        SignInStep::CodeRequired(pending) => Either::second(NextStep(pending.into())),
    }
}

/// 200 with tokens, or 204 with a cookie.
type NewSession = Either<Secret<Tokens>, CookieChange>;

/// Ends the session whose cookie a new one replaces in the browser. Otherwise a copy of the cookie would stay valid. The new
/// session is valid even if the other cannot be ended.
async fn end_replaced(accounts: &Accounts, request: &RequestContext, cookie: Option<&str>) {
    let Some(token) = cookie.and_then(CookieToken::parse) else {
        return;
    };
    if let Err(error) = accounts.sign_out(request, &token).await {
        tracing::warn!(%error, "a replaced session cannot be ended");
    }
}

fn cookie_of(session: &CookieSession, config: &HttpConfig) -> CookieChange {
    let value = session.token.expose();
    CookieChange(session_cookie::set(&value, session.longest, config))
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
/// Ends that of the refresh token, or else that of the session cookie, and deletes the cookie. Also succeeds if the
/// session has already ended.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "accounts",
    request_body(content = Option<Logout>, example = json!({"refresh_token": "01912d68783e7a0384675661c1243ad4.c2VjcmV0"})))]
async fn close_session(
    State(accounts): State<Accounts>,
    State(config): State<Arc<HttpConfig>>,
    browser: BrowserRequest,
    SecretRequest { request, body }: SecretRequest<Logout>,
) -> Result<Either<NoContent, CookieChange>, Problem> {
    if let Some(token) = body.token {
        accounts.sign_out(&request, &token.token()?).await?;
        return Ok(Either::first(NoContent));
    }
    let Some(cookie) = browser.cookie()? else {
        return Err(FieldErrors::one("/refresh_token", Code::Required, "is required").into());
    };
    if let Some(token) = CookieToken::parse(cookie) {
        accounts.sign_out(&request, &token).await?;
    }
    Ok(Either::second(CookieChange(session_cookie::delete(
        &config,
    ))))
}
