//! Sign-in of browsers through foreign issuers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod accepted;
mod offered;
mod refused;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, Header, encode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tintero_domain::{access::Role, accounts::IdentityRule};
use tintero_http::{BrowserClient, CodeExchange, ExchangeFault, IssuerPolicy, TokenRequest};

use crate::{
    call::{Answer, Call},
    issuers::{ISSUER, KEY, policy},
    site::{DAWN, Machine, Site, site_on},
};

const OTHER: &str = "https://other.example.org";

/// An issuer whose codes are the ID tokens that it exchanges them for.
pub(crate) struct CodeIsToken;

#[async_trait]
impl CodeExchange for CodeIsToken {
    async fn exchange(&self, request: TokenRequest<'_>) -> Result<Bytes, ExchangeFault> {
        let form = pairs(&request.form);
        match form["code"].as_str() {
            "down" => return Err(ExchangeFault::Unreachable("refused".to_owned())),
            "used" => return Err(ExchangeFault::Refused("invalid_grant".to_owned())),
            _ => {}
        }
        assert_eq!(form["grant_type"], "authorization_code");
        assert!(form["redirect_uri"].ends_with("/callback"));
        assert!(form["code_verifier"].len() >= 43);
        let secret = ("blog".to_owned(), "a%26b".to_owned());
        assert_eq!(request.basic, Some(secret), "encoded as in RFC 6749");
        Ok(json!({ "id_token": form["code"] }).to_string().into())
    }
}

fn client(id: &str, issuer: &str) -> BrowserClient {
    BrowserClient {
        issuer: issuer.to_owned(),
        id: id.to_owned(),
        name: "Staff".to_owned(),
        client_id: "blog".to_owned(),
        client_secret: Some("a&b".to_owned()),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
    }
}

async fn site_with(policies: Vec<IssuerPolicy>) -> Site {
    let machine = Machine {
        issuers: policies,
        clients: vec![client("staff", ISSUER), client("other", OTHER)],
        ..Machine::new()
    };
    site_on(machine, |_| {}).await
}

/// A site whose issuer links users by their addresses, with an author.
async fn site() -> Site {
    let other = IssuerPolicy {
        issuer: OTHER.to_owned(),
        ..policy(IdentityRule::VerifiedEmail)
    };
    let site = site_with(vec![policy(IdentityRule::VerifiedEmail), other]).await;
    site.token(Role::Author).await;
    site
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// A sign-in that waits for the issuer.
struct Begun {
    cookie: String,
    query: BTreeMap<String, String>,
}

async fn begin(site: &Site) -> Begun {
    let answer = site
        .get("/v1/auth/issuers/staff/login?return_to=/posts")
        .await;
    assert_eq!(answer.status, 303);
    let (address, query) = answer.header("location").split_once('?').unwrap();
    assert_eq!(address, format!("{ISSUER}/authorize"));
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    Begun {
        cookie: cookie.to_owned(),
        query: pairs(query),
    }
}

impl Begun {
    /// The claims of the right ID token.
    fn claims(&self) -> Value {
        let now = DAWN / 1000;
        json!({
            "iss": ISSUER, "sub": "7f", "aud": "blog", "iat": now, "exp": now + 300, "nonce": self.query["nonce"],
            "email": "author@example.org", "email_verified": true, "name": "Ana",
        })
    }

    fn with(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[name] = value;
        signed(&claims)
    }

    /// The answer of the issuer in the browser that began the sign-in.
    async fn end(&self, site: &Site, code: &str) -> Answer {
        self.answer(site, "staff", &format!("code={code}")).await
    }

    async fn answer(&self, site: &Site, issuer: &str, answer: &str) -> Answer {
        let state = &self.query["state"];
        let path =
            format!("/v1/auth/issuers/{issuer}/callback?state={state}&session_state=x&{answer}");
        let call = Call::get(&path).header("cookie", &self.cookie);
        call.header("sec-fetch-site", "cross-site").to(site).await
    }
}

fn header() -> Header {
    Header {
        kid: Some("1".to_owned()),
        ..Header::new(Algorithm::RS256)
    }
}

fn signed(claims: &Value) -> String {
    encode(&header(), claims, &KEY.0).unwrap()
}

/// The parameters of the sign-in page to which an answer leads.
fn page(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let location = answer.header("location");
    let start = "https://api.example.org/admin#/login?";
    pairs(
        location
            .strip_prefix(start)
            .unwrap_or_else(|| panic!("{location}")),
    )
}

/// Asserts that an answer starts no session, and returns why.
fn problem(answer: &Answer) -> String {
    let session = answer.headers.get_all("set-cookie").iter();
    let mut session =
        session.filter(|field| field.as_bytes().starts_with(b"__Host-tintero_session"));
    assert!(session.next().is_none());
    page(answer)["problem"].clone()
}
