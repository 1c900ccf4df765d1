use axum::extract::FromRequestParts;
use http::request::Parts;
use tintero_domain::access::Caller;

use super::{
    Facts,
    credential::{self, Credential},
};
use crate::{
    app::App,
    problem::{self, Problem},
};

/// Somebody signed in. A missing token or key and a bad one are both 401.
impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        visitor.signed_in()
    }
}

/// Anybody; a token or key that is sent must be a good one.
pub(crate) struct Visitor(Option<Caller>);

impl Visitor {
    /// The caller, for what needs one.
    pub(crate) fn signed_in(self) -> Result<Caller, Problem> {
        self.0.ok_or_else(problem::nobody)
    }

    /// True when the answer is for one person's eyes.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(credential) = credential::presented(&parts.headers)? else {
            return Ok(Self(None));
        };
        let facts = Facts::of(&parts.extensions);
        let caller = match credential {
            Credential::Token(token) => {
                let proof = app.tokens.verify(token)?;
                app.accounts.authenticate(proof, facts.context()).await
            }
            Credential::Key(key) => app.api_keys.authenticate(key, facts.context()).await,
        }?;
        // A second extractor of the same request finds the same user.
        let _ = facts.user.set(caller.user_id);
        Ok(Self(Some(caller)))
    }
}
