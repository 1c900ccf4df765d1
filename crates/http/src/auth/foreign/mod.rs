//! Access tokens of foreign issuers, each accepted by the rules of a policy.
//!
//! The keys of an issuer come from its discovery document
//! ([OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html)), are kept, and are
//! fetched again at most once per interval, whatever the tokens say.

mod browser_client;
mod claims;
mod code_flow;
mod documents;
mod id_token;
mod keys;
mod pending;
mod policy;
#[cfg(test)]
mod tests;
mod verification;

use std::sync::Arc;

use jsonwebtoken::dangerous::insecure_decode_claims;
use serde::Deserialize;
use tintero_domain::clock::Clock;

pub(crate) use self::{
    browser_client::form as urlencoded,
    code_flow::{AuthorizationAnswer, EndedLogin, IssuerLoginFault},
    pending::{LoginOccasion, PENDING_LIFETIME},
};
pub use self::{
    browser_client::{BrowserClient, CodeExchange, ExchangeFault, TokenRequest},
    code_flow::{IssuerSignIn, SignInPorts},
    documents::IssuerDocuments,
    policy::{FactorClaim, IssuerPolicy, RoleClaim, SignatureAlgorithm},
};
use self::{keys::IssuerKeys, verification::ForeignIssuer};
use super::tokens::MAX_LENGTH;

/// The foreign issuers whose tokens are accepted.
#[derive(Clone, Default)]
pub struct ForeignIssuers(Arc<[ForeignIssuer]>);

/// The only claim that is read before verification: it selects the policy.
#[derive(Deserialize)]
struct ClaimedIssuer {
    iss: String,
}

impl ForeignIssuers {
    /// Accepts tokens by `policies`. Fetches nothing before the first token.
    #[must_use]
    pub fn new(
        policies: Vec<IssuerPolicy>,
        documents: &Arc<dyn IssuerDocuments>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let issuers = policies.into_iter().map(|policy| {
            let keys = IssuerKeys::new(&policy.issuer, Arc::clone(documents), Arc::clone(clock));
            ForeignIssuer::new(policy, keys, Arc::clone(clock))
        });
        Self(issuers.collect())
    }

    pub(super) fn named(&self, name: &str) -> Option<&ForeignIssuer> {
        self.0.iter().find(|issuer| issuer.name() == name)
    }

    /// Returns the issuer that the token claims to come from, if it is a known foreign one.
    pub(crate) fn claimed_by(&self, token: &str) -> Option<&ForeignIssuer> {
        if self.0.is_empty() || token.len() > MAX_LENGTH {
            return None;
        }
        let ClaimedIssuer { iss } = insecure_decode_claims(token).ok()?;
        self.0.iter().find(|issuer| issuer.name() == iss)
    }
}
