//! Policies of foreign issuers.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use http::Uri;
use serde::Deserialize;
use tintero_domain::{access::Role, accounts::IdentityRule};
use tintero_http::{BrowserClient, FactorClaim, IssuerPolicy, RoleClaim, SignatureAlgorithm};

use super::{sign_in::SignInTable, value::SettingValue};

/// The policies of all foreign issuers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerPolicies {
    policies: Vec<IssuerPolicy>,
    clients: Vec<BrowserClient>,
}

impl IssuerPolicies {
    /// The policies; at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[IssuerPolicy] {
        &self.policies
    }

    /// The issuers that sign in browsers, without secrets.
    #[must_use]
    pub fn clients(&self) -> &[BrowserClient] {
        &self.clients
    }
}

/// A table `[[foreign_issuers]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerTable {
    issuer: String,
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default)]
    client_id: Vec<String>,
    typ: Option<String>,
    #[serde(default)]
    require: BTreeMap<String, String>,
    algorithms: Option<Vec<String>>,
    leeway: Option<String>,
    role_claim: Option<String>,
    #[serde(default)]
    roles: BTreeMap<String, Role>,
    default_role: Option<Role>,
    second_factor_claim: Option<String>,
    #[serde(default)]
    second_factor_values: Vec<String>,
    #[serde(default)]
    users: UserRule,
    sign_in: Option<SignInTable>,
}

/// Which users the identities of an issuer become.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum UserRule {
    #[default]
    Linked,
    VerifiedEmail,
    Create,
}

impl SettingValue for IssuerPolicies {
    const FORM: &'static str =
        "tables `[[foreign_issuers]]`; in the variable a JSON array of objects";

    fn parse(text: &str) -> Result<Self, String> {
        let tables: Vec<IssuerTable> = serde_json::from_str(text)
            .map_err(|error| format!("must be a list of tables: {error}"))?;
        if tables.is_empty() {
            return Err("must have at least one table".to_owned());
        }
        let tables = tables.into_iter().map(IssuerTable::into_policy);
        let tables: Vec<_> = tables.collect::<Result<_, _>>()?;
        let (policies, clients): (Vec<_>, Vec<_>) = tables.into_iter().unzip();
        let clients: Vec<BrowserClient> = clients.into_iter().flatten().collect();
        for (at, policy) in policies.iter().enumerate() {
            if policies[..at]
                .iter()
                .any(|other| other.issuer == policy.issuer)
            {
                return Err(format!("has the issuer {} twice", policy.issuer));
            }
        }
        for (at, client) in clients.iter().enumerate() {
            if clients[..at].iter().any(|other| other.id == client.id) {
                return Err(format!("has the sign_in.id {} twice", client.id));
            }
        }
        Ok(Self { policies, clients })
    }
}

/// Largest tolerated difference between the clocks.
const MAX_LEEWAY: Duration = Duration::from_mins(5);

impl IssuerTable {
    fn into_policy(self) -> Result<(IssuerPolicy, Option<BrowserClient>), String> {
        let issuer = self.issuer.clone();
        self.checked()
            .map_err(|detail| format!("has a table for {issuer:?} that {detail}"))
    }

    fn checked(mut self) -> Result<(IssuerPolicy, Option<BrowserClient>), String> {
        if !is_private_url(&self.issuer) {
            return Err("must name an https URL as issuer, without query".to_owned());
        }
        let client = self.sign_in.take().map(|table| table.client(&self.issuer));
        let client = client.transpose()?;
        let has_rules = !self.audience.is_empty()
            || !self.client_id.is_empty()
            || self.typ.is_some()
            || !self.require.is_empty();
        // Without rules, an issuer that signs in browsers gives no access tokens.
        if has_rules || client.is_none() {
            self.check_rules()?;
        }
        let policy = self.policy()?;
        Ok((policy, client))
    }

    fn check_rules(&self) -> Result<(), String> {
        if self.audience.is_empty() && self.client_id.is_empty() {
            return Err("needs audience or client_id, or it accepts tokens for others".to_owned());
        }
        if self.typ.is_none() && self.require.is_empty() {
            let need = "needs typ or require, or it accepts ID tokens; for example require = { token_use = \"access\" }";
            return Err(need.to_owned());
        }
        Ok(())
    }

    fn policy(self) -> Result<IssuerPolicy, String> {
        let leeway = match &self.leeway {
            Some(text) => {
                Duration::parse(text).map_err(|detail| format!("has a leeway that {detail}"))?
            }
            None => Duration::from_mins(1),
        };
        if leeway > MAX_LEEWAY {
            return Err("has a leeway above 5m".to_owned());
        }
        Ok(IssuerPolicy {
            role: self.role_source()?,
            second_factor: self.factor_source()?,
            algorithms: self.algorithms()?,
            admission: self.admission()?,
            issuer: self.issuer,
            audiences: self.audience,
            client_ids: self.client_id,
            typ: self.typ,
            required: self.require,
            leeway,
        })
    }

    fn role_source(&self) -> Result<Option<RoleClaim>, String> {
        match &self.role_claim {
            Some(_) if self.roles.is_empty() => Err("has a role_claim, but no roles".to_owned()),
            Some(claim) => Ok(Some(RoleClaim {
                claim: claim.clone(),
                roles: self.roles.clone(),
                otherwise: self.default_role,
            })),
            None if self.roles.is_empty() => Ok(None),
            None => Err("has roles, but no role_claim".to_owned()),
        }
    }

    fn factor_source(&self) -> Result<Option<FactorClaim>, String> {
        let values = &self.second_factor_values;
        match &self.second_factor_claim {
            Some(_) if values.is_empty() => {
                Err("has a second_factor_claim, but no second_factor_values".to_owned())
            }
            Some(claim) => Ok(Some(FactorClaim {
                claim: claim.clone(),
                values: values.clone(),
            })),
            None if values.is_empty() => Ok(None),
            None => Err("has second_factor_values, but no second_factor_claim".to_owned()),
        }
    }

    fn algorithms(&self) -> Result<Vec<SignatureAlgorithm>, String> {
        let Some(names) = &self.algorithms else {
            return Ok(vec![SignatureAlgorithm::RS256]);
        };
        let known = names.iter().map(|name| {
            SignatureAlgorithm::named(name).ok_or_else(|| {
                format!("has the algorithm {name:?}; known are RS256 to RS512, PS256 to PS512, ES256, ES384 and EdDSA")
            })
        });
        let known: Vec<_> = known.collect::<Result<_, _>>()?;
        if known.is_empty() {
            return Err("has no algorithms".to_owned());
        }
        Ok(known)
    }

    fn admission(&self) -> Result<IdentityRule, String> {
        match (self.users, self.default_role) {
            (UserRule::Linked, _) => Ok(IdentityRule::Linked),
            (UserRule::VerifiedEmail, _) => Ok(IdentityRule::VerifiedEmail),
            (UserRule::Create, Some(role)) => Ok(IdentityRule::Create(role)),
            // The token of every created user gives a role.
            (UserRule::Create, None) if self.role_claim.is_some() => {
                Ok(IdentityRule::Create(Role::Reader))
            }
            (UserRule::Create, None) => {
                Err("creates users, but has neither default_role nor role_claim".to_owned())
            }
        }
    }
}

/// Whether the URL is protected against changes on the way: https, or http on the loopback interface.
pub(crate) fn is_private_url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let has_user = uri
        .authority()
        .is_some_and(|part| part.as_str().contains('@'));
    if has_user || uri.query().is_some() || text.contains('#') {
        return false;
    }
    let host = uri.host().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => host == "localhost" || address.is_ok_and(|address| address.is_loopback()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_that_only_signs_in_browsers_needs_no_rules_for_tokens() {
        let client = r#""sign_in": {"id": "staff", "name": "Staff", "client_id": "blog"}"#;
        let policies =
            IssuerPolicies::parse(&format!(r#"[{{"issuer": "https://a.b", {client}}}]"#)).unwrap();
        assert_eq!(policies.clients()[0].issuer, "https://a.b");
        let half = format!(r#"{{"issuer": "https://a.b", "typ": "at+jwt", {client}}}"#);
        assert!(problem(&half).contains("audience"));
        let twice = format!(
            r#"{{"issuer": "https://a.b", {client}}}, {{"issuer": "https://a.c", {client}}}"#
        );
        assert!(problem(&twice).contains("sign_in.id"));
    }

    const COGNITO: &str = r#"{"issuer": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab",
        "client_id": ["4kq"], "require": {"token_use": "access"},
        "role_claim": "cognito:groups", "roles": {"editors": "editor"}}"#;

    fn problem(table: &str) -> String {
        IssuerPolicies::parse(&format!("[{table}]")).unwrap_err()
    }

    #[test]
    fn a_table_is_a_policy_with_safe_defaults() {
        let policies = IssuerPolicies::parse(&format!("[{COGNITO}]")).unwrap();
        let policy = &policies.as_slice()[0];
        assert_eq!(policy.algorithms, [SignatureAlgorithm::RS256]);
        assert_eq!(policy.admission, IdentityRule::Linked);
        assert_eq!(policy.leeway, Duration::from_mins(1));
        assert_eq!(policy.role.as_ref().unwrap().otherwise, None);
    }

    #[test]
    fn a_policy_that_accepts_tokens_of_others_or_id_tokens_is_rejected() {
        for (table, reason) in [
            (
                r#"{"issuer": "https://a.b", "typ": "at+jwt"}"#,
                "audience or client_id",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"]}"#,
                "ID tokens",
            ),
            (
                r#"{"issuer": "http://a.b", "audience": ["x"], "typ": "at+jwt"}"#,
                "https",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "algorithms": ["HS256"]}"#,
                "HS256",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "leeway": "1h"}"#,
                "5m",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "users": "create"}"#,
                "default_role",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "role_claim": "groups"}"#,
                "no roles",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "second_factor_claim": "amr"}"#,
                "no second_factor_values",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "second_factor_values": ["mfa"]}"#,
                "no second_factor_claim",
            ),
            (
                r#"{"issuer": "https://a.b", "audience": ["x"], "typ": "at+jwt", "algoritms": []}"#,
                "algoritms",
            ),
        ] {
            let problem = problem(table);
            assert!(problem.contains(reason), "{table}: {problem}");
        }
        assert!(problem(&format!("{COGNITO}, {COGNITO}")).contains("twice"));
        assert!(IssuerPolicies::parse("[]").is_err());
    }

    #[test]
    fn plain_http_is_private_on_the_loopback_interface_only() {
        for url in [
            "https://id.example.org/realms/blog",
            "http://127.0.0.1:8080",
            "http://[::1]:80/a",
            "http://localhost",
        ] {
            assert!(is_private_url(url), "{url}");
        }
        for url in [
            "http://id.example.org",
            "http://127.0.0.1.example.org",
            "https://u@a.b",
            "https://a.b?c",
            "ftp://a.b",
            "a",
        ] {
            assert!(!is_private_url(url), "{url}");
        }
    }
}
