use std::{collections::HashSet, sync::Arc};

use jsonwebtoken::{Header, Validation, decode, decode_header};
use serde_json::{Map, Value};
use tintero_domain::{
    accounts::ForeignToken,
    clock::Clock,
    error::{Error, IdentityRefusal},
};

use super::{
    claims::ForeignClaims,
    documents::{CodeEndpoints, IssuerKey},
    keys::{IssuerKeys, KeyAbsence},
    policy::{IssuerPolicy, SignatureAlgorithm},
};
use crate::auth::{TokenFault, tokens::fault};

/// A foreign issuer with its policy and its keys.
pub(crate) struct ForeignIssuer {
    policy: IssuerPolicy,
    keys: IssuerKeys,
    clock: Arc<dyn Clock>,
}

/// The reason for which a token of a foreign issuer is rejected.
#[derive(Debug)]
pub(crate) enum ForeignFault {
    /// The token is invalid.
    Token(TokenFault),
    /// The issuer cannot be reached, so its keys are not known.
    Unreachable,
    /// The token is valid, but gives no role.
    NoRole,
}

impl From<TokenFault> for ForeignFault {
    fn from(fault: TokenFault) -> Self {
        Self::Token(fault)
    }
}

impl From<ForeignFault> for crate::problem::Problem {
    fn from(fault: ForeignFault) -> Self {
        match fault {
            ForeignFault::Token(fault) => fault.into(),
            ForeignFault::Unreachable => {
                Error::Unavailable("the keys of the issuer are not known".into()).into()
            }
            ForeignFault::NoRole => Error::NotAdmitted(IdentityRefusal::NoRole).into(),
        }
    }
}

impl ForeignIssuer {
    pub(super) fn new(policy: IssuerPolicy, keys: IssuerKeys, clock: Arc<dyn Clock>) -> Self {
        Self {
            policy,
            keys,
            clock,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.policy.issuer
    }

    /// Verifies a token by the policy.
    pub(crate) async fn verify(&self, token: &str) -> Result<ForeignToken, ForeignFault> {
        let wanted = self.policy.typ.as_deref();
        let has_type = |typ: &str| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(typ));
        let claims = self.signed_claims(token, has_type).await?;
        claims.check(&self.policy)?;
        self.person(&claims)
    }

    /// The addresses for signing in.
    pub(super) async fn endpoints(&self) -> Result<CodeEndpoints, ForeignFault> {
        let endpoints = self.keys.endpoints().await;
        endpoints.map_err(|_| ForeignFault::Unreachable)
    }

    /// Verifies header and signature of a token with an accepted `typ`.
    pub(super) async fn signed_claims(
        &self,
        token: &str,
        has_type: impl Fn(&str) -> bool,
    ) -> Result<ForeignClaims, ForeignFault> {
        let header = self.checked_header(token, has_type)?;
        let kid = header.kid.as_deref().ok_or(TokenFault::Key)?;
        let verified = self.keys.with(kid, |key| verified(token, &header, key));
        match verified.await {
            Ok(claims) => Ok(claims?),
            Err(KeyAbsence::Unknown) => Err(TokenFault::Key.into()),
            Err(KeyAbsence::Unreachable) => Err(ForeignFault::Unreachable),
        }
    }

    /// Checks the times of a token and returns its person.
    pub(super) fn person(&self, claims: &ForeignClaims) -> Result<ForeignToken, ForeignFault> {
        let issued_at = self.check_time(claims)?;
        let role = match &self.policy.role {
            Some(source) => Some(claims.role(source).ok_or(ForeignFault::NoRole)?),
            None => None,
        };
        let two_factors_at = match &self.policy.second_factor {
            Some(source) => claims.two_factors_at(source, issued_at)?,
            None => None,
        };
        Ok(ForeignToken {
            identity: claims.identity(&self.policy.issuer)?,
            email: claims.verified_email(),
            name: claims.text("name").and_then(|name| name.parse().ok()),
            issued_at,
            role,
            two_factors_at,
            admission: self.policy.admission,
        })
    }

    /// Adds the verified address of a `UserInfo` answer, if it is about the same person.
    pub(super) fn add_user_info(person: &mut ForeignToken, claims: &ForeignClaims) {
        if claims.text("sub") == Some(person.identity.subject.as_str()) {
            person.email = claims.verified_email();
            let name = claims.text("name").and_then(|name| name.parse().ok());
            person.name = person.name.take().or(name);
        }
    }

    /// Checks the header, before any key is looked up.
    fn checked_header(
        &self,
        token: &str,
        has_type: impl Fn(&str) -> bool,
    ) -> Result<Header, TokenFault> {
        // Parsing fails for `none` and for unknown algorithms.
        let header = decode_header(token).map_err(|_| TokenFault::Malformed)?;
        if !self
            .policy
            .algorithms
            .contains(&SignatureAlgorithm(header.alg))
        {
            return Err(TokenFault::Algorithm);
        }
        let typ = header
            .typ
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let typ = typ.strip_prefix("application/").unwrap_or(&typ);
        if !has_type(typ) || header.crit.is_some() {
            return Err(TokenFault::Type);
        }
        // Keys are never taken from a token, so a token that brings one is an attack.
        if header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() {
            return Err(TokenFault::Key);
        }
        Ok(header)
    }

    /// Returns the time of issue.
    fn check_time(&self, claims: &ForeignClaims) -> Result<i64, TokenFault> {
        let times = claims.times()?;
        let leeway = self.policy.leeway.as_secs().cast_signed();
        let now = self.clock.now().as_seconds();
        if times.expires.saturating_add(leeway) <= now {
            return Err(TokenFault::Expired);
        }
        if times.begins.saturating_sub(leeway) > now {
            return Err(TokenFault::NotYet);
        }
        Ok(times.issued)
    }
}

/// Verifies the signature.
fn verified(token: &str, header: &Header, key: &IssuerKey) -> Result<ForeignClaims, TokenFault> {
    if !key.serves(header.alg) {
        return Err(TokenFault::Algorithm);
    }
    let mut validation = Validation::new(header.alg);
    // The policy checks the claims, and the library would use the system clock.
    validation.required_spec_claims = HashSet::new();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let decoded = decode::<Map<String, Value>>(token, &key.decoding, &validation);
    let decoded = decoded.map_err(|error| fault(error.kind()))?;
    Ok(ForeignClaims::new(decoded.claims))
}
