use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use tintero_domain::{
    access::{Caller, RequestContext},
    accounts::CookieToken,
    error::{Error, SignInFault},
};

use super::{
    RequestFacts, browser,
    credential::{self, Credential},
};
use crate::{
    app::{App, HttpConfig},
    problem::{self, Problem},
    session_cookie,
};

/// Extracts the authenticated caller. Fails with 401 if the credential is absent or invalid.
impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = OptionalCaller::from_request_parts(parts, app).await?;
        caller.signed_in()
    }
}

/// The caller, if a credential was sent. Fails with 401 if it is invalid.
pub(crate) struct OptionalCaller(Option<Caller>);

impl OptionalCaller {
    /// Returns the caller; fails with 401 if there is none.
    pub(crate) fn signed_in(self) -> Result<Caller, Problem> {
        self.0.ok_or_else(problem::unauthenticated)
    }

    /// Returns a reference to the caller; fails with 401 if there is none.
    pub(crate) fn require(&self) -> Result<&Caller, Problem> {
        self.0.as_ref().ok_or_else(problem::unauthenticated)
    }

    /// Returns the caller, if there is one.
    pub(crate) fn get(&self) -> Option<&Caller> {
        self.0.as_ref()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequestParts<App> for OptionalCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let credential = match credential::presented(&parts.headers)? {
            None => {
                browser::cookie(&parts.method, &parts.headers, &app.config)?.map(Credential::Cookie)
            }
            other => other,
        };
        let Some(credential) = credential else {
            return Ok(Self(None));
        };
        let facts = RequestFacts::of(&parts.extensions);
        let caller = match credential {
            Credential::Token(token) => authenticate(app, token, facts.context()).await?,
            Credential::Key(key) => app.api_keys.authenticate(key, facts.context()).await,
            Credential::Cookie(cookie) => match CookieToken::parse(cookie) {
                Some(token) => {
                    app.accounts
                        .authenticate_cookie(&token, facts.context())
                        .await
                }
                None => Err(Error::Unauthenticated(SignInFault::Cookie)),
            },
        };
        let caller = caller.map_err(|error| refusal(error, &app.config))?;
        // Already set and counted if another extractor of this request ran before.
        if facts.user.set(caller.user_id).is_ok() {
            app.rates().admit_user(caller.user_id)?;
        }
        Ok(Self(Some(caller)))
    }
}

/// Authenticates an access token of this server or of a foreign issuer.
async fn authenticate(
    app: &App,
    token: &str,
    request: RequestContext,
) -> Result<Result<Caller, Error>, Problem> {
    if let Some(issuer) = app.issuers.claimed_by(token) {
        let proof = issuer.verify(token).await?;
        return Ok(app.accounts.authenticate_foreign(&proof, request).await);
    }
    let proof = app.tokens.verify(token)?;
    Ok(app.accounts.authenticate(proof, request).await)
}

/// Returns the problem for a rejected credential. Deletes the cookie of an ended session, so that the browser
/// does not send it again.
fn refusal(error: Error, config: &HttpConfig) -> Problem {
    let is_cookie = matches!(error, Error::Unauthenticated(SignInFault::Cookie));
    let problem = Problem::from(error);
    if is_cookie {
        problem.header_value(header::SET_COOKIE, session_cookie::delete(config))
    } else {
        problem
    }
}
