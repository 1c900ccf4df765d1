use serde_json::{Map, Value};
use tintero_domain::{
    access::Role,
    accounts::Identity,
    values::{Email, Timestamp},
};

use super::policy::{FactorClaim, IssuerPolicy, RoleClaim};
use crate::auth::TokenFault;

/// The verified claims of a token. Their values have any type until they are checked.
pub(super) struct ForeignClaims(pub(super) Value);

/// The times of a token in seconds since the Unix epoch.
pub(super) struct TokenTimes {
    pub(super) issued: i64,
    pub(super) begins: i64,
    pub(super) expires: i64,
}

/// Longest subject in bytes ([OpenID Connect](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
const MAX_SUBJECT: usize = 255;

impl ForeignClaims {
    pub(super) fn new(claims: Map<String, Value>) -> Self {
        Self(Value::Object(claims))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Checks issuer, required claims, audience and client.
    pub(super) fn check(&self, policy: &IssuerPolicy) -> Result<(), TokenFault> {
        if self.text("iss") != Some(policy.issuer.as_str()) {
            return Err(TokenFault::Issuer);
        }
        let mut required = policy.required.iter();
        if !required.all(|(name, value)| self.text(name) == Some(value)) {
            return Err(TokenFault::Type);
        }
        let audiences = self.audiences();
        let has_audience = |wanted: &String| audiences.contains(&wanted.as_str());
        let client = self.text("client_id").or_else(|| self.text("azp"));
        let is_of_client = |wanted: &String| client == Some(wanted);
        let allows = |values: &[String], is_met: &dyn Fn(&String) -> bool| {
            values.is_empty() || values.iter().any(is_met)
        };
        let accepts_none = policy.audiences.is_empty() && policy.client_ids.is_empty();
        if !accepts_none
            && allows(&policy.audiences, &has_audience)
            && allows(&policy.client_ids, &is_of_client)
        {
            Ok(())
        } else {
            Err(TokenFault::Audience)
        }
    }

    /// The values of `aud`.
    pub(super) fn audiences(&self) -> Vec<&str> {
        match self.0.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn times(&self) -> Result<TokenTimes, TokenFault> {
        let issued = self.seconds("iat")?.ok_or(TokenFault::Malformed)?;
        let begins = self.seconds("nbf")?.unwrap_or(issued);
        Ok(TokenTimes {
            issued,
            begins: begins.max(issued),
            expires: self.seconds("exp")?.ok_or(TokenFault::Malformed)?,
        })
    }

    /// A time in whole seconds. Some issuers send fractions.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, TokenFault> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast from a float saturates"
        )]
        let whole = |time: f64| time.floor() as i64;
        let seconds = value.as_i64().or_else(|| value.as_f64().map(whole));
        seconds.map(Some).ok_or(TokenFault::Malformed)
    }

    pub(super) fn identity(&self, issuer: &str) -> Result<Identity, TokenFault> {
        let subject = self.text("sub").unwrap_or_default();
        if subject.is_empty() || subject.len() > MAX_SUBJECT {
            return Err(TokenFault::Malformed);
        }
        Ok(Identity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        })
    }

    /// The e-mail address, if the issuer has verified it. Cognito sends a text for the boolean.
    pub(super) fn verified_email(&self) -> Option<Email> {
        let is_verified = match self.0.get("email_verified")? {
            Value::Bool(verified) => *verified,
            Value::String(text) => text == "true",
            _ => false,
        };
        is_verified.then(|| self.text("email")?.parse().ok())?
    }

    /// The highest role that the claim gives.
    pub(super) fn role(&self, source: &RoleClaim) -> Option<Role> {
        let given = self
            .values(&source.claim)
            .iter()
            .filter_map(|value| source.roles.get(value.as_str()?));
        // `ALL` begins with the highest role.
        let given: Vec<_> = given.collect();
        let highest = Role::ALL.into_iter().find(|role| given.contains(&role));
        highest.or(source.otherwise)
    }

    /// The time of the sign-in, if the claim proves two factors. A sign-in at an unknown time counts as one in 1970;
    /// the time of issue says nothing, because tokens are refreshed.
    pub(super) fn two_factors_at(
        &self,
        source: &FactorClaim,
        issued: i64,
    ) -> Result<Option<Timestamp>, TokenFault> {
        let is_proof = |value: &Value| {
            let text = value.as_str();
            text.is_some_and(|text| source.values.iter().any(|proof| proof == text))
        };
        if !self.values(&source.claim).iter().any(is_proof) {
            return Ok(None);
        }
        let at = self.seconds("auth_time")?.unwrap_or(0);
        let at = at.clamp(0, issued.max(0));
        Ok(Some(Timestamp::from_millis(at.saturating_mul(1000))))
    }

    /// The values of a claim with one value or a list; `name` is a JSON Pointer if it starts with a slash.
    fn values(&self, name: &str) -> &[Value] {
        let value = if name.starts_with('/') {
            self.0.pointer(name)
        } else {
            self.0.get(name)
        };
        match value {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        }
    }
}
