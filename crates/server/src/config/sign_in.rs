//! Clients of this server at foreign issuers, for signing in browsers.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use tintero_http::BrowserClient;

use super::value::{SettingValue, list};

/// The key `sign_in` of a table `[[foreign_issuers]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInTable {
    id: String,
    name: String,
    client_id: String,
    #[serde(default = "usual_scopes")]
    scopes: Vec<String>,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).to_vec()
}

/// Longest name on a button, in characters.
const MAX_NAME: usize = 40;

impl SignInTable {
    /// Returns the client, without its secret.
    pub(super) fn client(self, issuer: &str) -> Result<BrowserClient, String> {
        if !is_id(&self.id) {
            return Err("has a sign_in.id other than 1 to 32 of a-z, 0-9 and hyphens".to_owned());
        }
        let length = self.name.trim().chars().count();
        if length == 0 || length > MAX_NAME {
            return Err(format!(
                "needs a sign_in.name of 1 to {MAX_NAME} characters"
            ));
        }
        if self.client_id.is_empty() {
            return Err("needs sign_in.client_id".to_owned());
        }
        let is_token =
            |scope: &String| !scope.is_empty() && scope.bytes().all(|b| b.is_ascii_graphic());
        if !self.scopes.iter().all(is_token) || !self.scopes.iter().any(|scope| scope == "openid") {
            return Err("needs sign_in.scopes with openid, each without spaces".to_owned());
        }
        Ok(BrowserClient {
            issuer: issuer.to_owned(),
            id: self.id,
            name: self.name.trim().to_owned(),
            client_id: self.client_id,
            client_secret: None,
            scopes: self.scopes,
        })
    }
}

fn is_id(text: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(is_letter)
}

/// The secrets of confidential clients by the ids of their issuers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientSecrets(BTreeMap<String, String>);

impl ClientSecrets {
    /// The secret of a client.
    pub(crate) fn of(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// The ids, in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for ClientSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl SettingValue for ClientSecrets {
    const FORM: &'static str = "pairs `id=secret`, separated by commas";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let pairs = list(text, |pair| match pair.split_once('=') {
            Some((id, secret)) if is_id(id) && !secret.is_empty() => {
                Ok((id.to_owned(), secret.to_owned()))
            }
            _ => Err(format!("must be {}", Self::FORM)),
        })?;
        let count = pairs.len();
        let secrets: BTreeMap<_, _> = pairs.into_iter().collect();
        if secrets.len() < count {
            return Err("names an id twice".to_owned());
        }
        Ok(Self(secrets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(json: &str) -> Result<BrowserClient, String> {
        let table: SignInTable = serde_json::from_str(json).unwrap();
        table.client("https://id.example.org")
    }

    #[test]
    fn a_client_asks_for_the_address_and_the_name_by_default() {
        let client = table(r#"{"id": "staff", "name": " Staff ", "client_id": "blog"}"#).unwrap();
        assert_eq!(client.scopes, ["openid", "email", "profile"]);
        assert_eq!(client.name, "Staff");
    }

    #[test]
    fn a_client_that_no_address_or_button_can_name_is_rejected() {
        for (json, part) in [
            (r#"{"id": "Staff", "name": "S", "client_id": "b"}"#, "id"),
            (r#"{"id": "s", "name": " ", "client_id": "b"}"#, "name"),
            (r#"{"id": "s", "name": "S", "client_id": ""}"#, "client_id"),
            (
                r#"{"id": "s", "name": "S", "client_id": "b", "scopes": ["email"]}"#,
                "openid",
            ),
            (
                r#"{"id": "s", "name": "S", "client_id": "b", "scopes": ["openid x"]}"#,
                "spaces",
            ),
        ] {
            let problem = table(json).unwrap_err();
            assert!(problem.contains(part), "{problem}");
        }
    }

    #[test]
    fn secrets_are_read_by_id_and_not_shown() {
        let secrets = ClientSecrets::parse("staff=a=b~c, other=d").unwrap();
        assert_eq!(secrets.of("staff"), Some("a=b~c"));
        assert!(!format!("{secrets:?}").contains("a=b"));
        for text in ["staff", "staff=", "=x", "a=b,a=c"] {
            assert!(ClientSecrets::parse(text).is_err(), "{text}");
        }
    }
}
