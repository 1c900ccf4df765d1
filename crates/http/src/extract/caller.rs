use axum::extract::FromRequestParts;
use http::request::Parts;
use tintero_domain::access::Caller;

use super::{
    RequestFacts,
    credential::{self, Credential},
};
use crate::{
    app::App,
    problem::{self, Problem},
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

    pub(crate) fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequestParts<App> for OptionalCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(credential) = credential::presented(&parts.headers)? else {
            return Ok(Self(None));
        };
        let facts = RequestFacts::of(&parts.extensions);
        let caller = match credential {
            Credential::Token(token) => {
                let proof = app.tokens.verify(token)?;
                app.accounts.authenticate(proof, facts.context()).await
            }
            Credential::Key(key) => app.api_keys.authenticate(key, facts.context()).await,
        }?;
        // Already set if another extractor of this request ran before.
        let _ = facts.user.set(caller.user_id);
        Ok(Self(Some(caller)))
    }
}
