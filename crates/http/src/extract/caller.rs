use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use tintero_domain::access::Caller;

use super::Facts;
use crate::{
    app::App,
    problem::{CHALLENGE, Kind, Problem},
};

/// Somebody signed in. A missing token and a bad one are both 401.
impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        visitor.signed_in()
    }
}

/// Anybody; a token that is sent must be a good one.
pub(crate) struct Visitor(Option<Caller>);

impl Visitor {
    /// The caller, for what needs one.
    pub(crate) fn signed_in(self) -> Result<Caller, Problem> {
        self.0.ok_or_else(|| {
            Problem::new(Kind::Unauthenticated).header(header::WWW_AUTHENTICATE, CHALLENGE)
        })
    }

    /// True when the answer is for one person's eyes.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(token) = bearer(parts)? else {
            return Ok(Self(None));
        };
        let proof = app.tokens.verify(token)?;
        let facts = Facts::of(&parts.extensions);
        let caller = app.accounts.authenticate(proof, facts.context()).await?;
        // A second extractor of the same request finds the same user.
        let _ = facts.user.set(caller.user_id);
        Ok(Self(Some(caller)))
    }
}

/// The token of [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-2.1), when one is sent.
fn bearer(parts: &Parts) -> Result<Option<&str>, Problem> {
    let mut fields = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        let is_sent = parts.headers.contains_key(header::AUTHORIZATION);
        return if is_sent { Err(unreadable()) } else { Ok(None) };
    };
    let (scheme, token) = field
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(unreadable)?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        Ok(Some(token.trim()))
    } else {
        Err(unreadable())
    }
}

fn unreadable() -> Problem {
    Problem::new(Kind::Unauthenticated)
        .detail("The Authorization field must be sent once, as: Bearer <token>.")
        .header(header::WWW_AUTHENTICATE, CHALLENGE)
}
