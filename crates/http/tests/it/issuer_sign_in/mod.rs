//! Sign-in of browsers through foreign issuers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod accepted;
mod offered;
mod refused;
mod sessions;
mod slow;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, Header, encode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tintero_domain::{access::Role, accounts::IdentityRule, clock::Clock as _};
use tintero_http::{
    BrowserClient, CodeExchange, ExchangeFault, FactorClaim, IssuerPolicy, TokenRequest,
};

use crate::{
    call::{Answer, Call},
    issuers::{ISSUER, KEY, policy},
    site::{DAWN, Machine, Site, site_on},
};

const OTHER: &str = "https://other.example.org";

/// An issuer whose codes are the ID tokens that it exchanges them for. The access token follows `~`; it is the
/// subject of the `UserInfo` answer.
pub(crate) struct CodeIsToken;

#[async_trait]
impl CodeExchange for CodeIsToken {
    async fn exchange(&self, request: TokenRequest<'_>) -> Result<Bytes, ExchangeFault> {
        let form = pairs(&request.form);
        match form["code"].as_str() {
            "down" => return Err(ExchangeFault::Unreachable("refused".to_owned())),
            "slow" => std::future::pending().await,
            "used" => return Err(ExchangeFault::Refused("invalid_grant".to_owned())),
            _ => {}
        }
        assert_eq!(form["grant_type"], "authorization_code");
        assert!(form["redirect_uri"].ends_with("/callback"));
        assert!(form["code_verifier"].len() >= 43);
        let secret = ("blog".to_owned(), "a%26b".to_owned());
        assert_eq!(request.basic, Some(secret), "encoded as in RFC 6749");
        let code = form["code"].as_str();
        let (id_token, access_token) = code.split_once('~').unwrap_or((code, ""));
        let tokens = json!({ "id_token": id_token, "access_token": access_token });
        Ok(tokens.to_string().into())
    }

    async fn user_info(&self, url: &str, access_token: &str) -> Result<Bytes, ExchangeFault> {
        assert_eq!(url, format!("{ISSUER}/me"));
        if access_token.is_empty() {
            return Err(ExchangeFault::Refused("invalid_token".to_owned()));
        }
        let claims = json!({
            "sub": access_token, "email": "author@example.org", "email_verified": true,
        });
        Ok(claims.to_string().into())
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
    begin_with(
        site,
        Call::get("/v1/auth/issuers/staff/login?return_to=/posts"),
    )
    .await
}

async fn begin_with(site: &Site, call: Call) -> Begun {
    let answer = call.to(site).await;
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
pub(crate) fn page(answer: &Answer) -> BTreeMap<String, String> {
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

/// The session cookie that an answer sets.
pub(crate) fn session_of(answer: &Answer) -> String {
    assert_eq!(page(answer)["signed_in"], "1");
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    let cookies = cookies.find_map(|field| {
        let pair = field.to_str().unwrap().split(';').next().unwrap();
        pair.starts_with("__Host-tintero_session=").then_some(pair)
    });
    cookies.unwrap().to_owned()
}

/// Signs in the author at the issuer in a browser with an earlier session, or none. With the value of `amr`, if any.
pub(crate) async fn sign_in_at_issuer(
    site: &Site,
    earlier: Option<&str>,
    amr: Option<&str>,
) -> Answer {
    let call = Call::get("/v1/auth/issuers/staff/login");
    let call = match earlier {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    };
    let begun = begin_with(site, call).await;
    let now = site.clock.now().as_seconds();
    let mut claims = begun.claims();
    for name in ["iat", "auth_time"] {
        claims[name] = json!(now);
    }
    claims["exp"] = json!(now + 300);
    if let Some(amr) = amr {
        claims["amr"] = json!(amr);
    }
    begun.end(site, &signed(&claims)).await
}

/// A machine whose authors sign in at the issuer, which proves two factors by the value `mfa` of `amr`.
pub(crate) fn machine_with_issuer() -> Machine {
    let policy = IssuerPolicy {
        second_factor: Some(FactorClaim {
            claim: "amr".to_owned(),
            values: vec!["mfa".to_owned()],
        }),
        ..policy(IdentityRule::VerifiedEmail)
    };
    Machine {
        issuers: vec![policy],
        clients: vec![client("staff", ISSUER)],
        ..Machine::new()
    }
}

async fn me(site: &Site, session: &str) -> Answer {
    Call::get("/v1/me").header("cookie", session).to(site).await
}

/// Asserts that an answer starts no session, and returns why.
fn problem(answer: &Answer) -> String {
    let session = answer.headers.get_all("set-cookie").iter();
    let mut session =
        session.filter(|field| field.as_bytes().starts_with(b"__Host-tintero_session"));
    assert!(session.next().is_none());
    page(answer)["problem"].clone()
}
