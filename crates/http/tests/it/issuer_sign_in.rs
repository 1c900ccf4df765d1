//! Sign-in of browsers through foreign issuers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tintero_domain::{access::Role, accounts::IdentityRule, values::UserStatus};
use tintero_http::{BrowserClient, CodeExchange, ExchangeFault, IssuerPolicy, TokenRequest};

use crate::{
    call::{Answer, Call},
    issuers::{ISSUER, KEY, policy},
    second_factor::{complete, enrol},
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

#[tokio::test]
async fn a_browser_gets_an_ordinary_session() {
    let site = site().await;
    let begun = begin(&site).await;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "blog"),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
        (
            "redirect_uri",
            "https://api.example.org/v1/auth/issuers/staff/callback",
        ),
    ] {
        assert_eq!(begun.query[name], value);
    }
    let answer = begun.end(&site, &signed(&begun.claims())).await;
    let page = page(&answer);
    assert_eq!(
        (page["signed_in"].as_str(), page["return_to"].as_str()),
        ("1", "/posts")
    );
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let [session, login] = cookies[..] else {
        panic!("{cookies:?}");
    };
    assert!(login.to_str().unwrap().contains("Max-Age=0"));
    let session = session.to_str().unwrap().split(';').next().unwrap();
    let me = Call::get("/v1/me")
        .header("cookie", session)
        .to(&site)
        .await;
    assert_eq!(me.body["email"], "author@example.org");
    let listed = Call::get("/v1/me/sessions").header("cookie", session);
    assert_eq!(listed.to(&site).await.body["items"][0]["current"], true);
}

#[tokio::test]
async fn the_cookie_of_a_sign_in_is_for_this_host_and_ten_minutes() {
    let site = site().await;
    let answer = site.get("/v1/auth/issuers/staff/login").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tintero_login="), "{cookie}");
    let attributes = "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure";
    assert!(cookie.ends_with(attributes), "{cookie}");
    let begun = begin(&site).await;
    site.clock.forward_seconds(601);
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "expired");
}

#[tokio::test]
async fn an_answer_counts_only_in_the_browser_that_asked() {
    let site = site().await;
    let (mine, theirs) = (begin(&site).await, begin(&site).await);
    let code = signed(&theirs.claims());
    // The answer to a stranger, in this browser, and in one that asked for nothing.
    let mixed = Begun {
        cookie: mine.cookie.clone(),
        query: theirs.query.clone(),
    };
    assert_eq!(problem(&mixed.end(&site, &code).await), "expired");
    let path = format!("/v1/auth/issuers/staff/callback?code={code}");
    assert_eq!(problem(&site.get(&path).await), "expired");
    let without_state = Call::get(&path).header("cookie", &mine.cookie);
    assert_eq!(problem(&without_state.to(&site).await), "expired");
    let forged = Begun {
        cookie: "__Host-tintero_login=GEZDGNBV".to_owned(),
        query: theirs.query.clone(),
    };
    assert_eq!(problem(&forged.end(&site, &code).await), "expired");
    // A code of another sign-in has another nonce.
    assert_eq!(problem(&mine.end(&site, &code).await), "refused");
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_rejected() {
    let site = site().await;
    let begun = begin(&site).await;
    let code = signed(&begun.claims());
    let answer = format!("code={code}");
    let elsewhere = begun.answer(&site, "other", &answer);
    assert_eq!(problem(&elsewhere.await), "refused");
    let named = format!("code={code}&iss=https%3A%2F%2Fother.example.org");
    assert_eq!(
        problem(&begun.answer(&site, "staff", &named).await),
        "refused"
    );
    let right = format!("code={code}&iss=https%3A%2F%2Fid.example.org");
    assert_eq!(
        page(&begun.answer(&site, "staff", &right).await)["signed_in"],
        "1"
    );
}

#[tokio::test]
async fn an_id_token_of_others_is_rejected() {
    let site = site().await;
    let begun = begin(&site).await;
    let now = DAWN / 1000;
    for code in [
        begun.with("iss", json!(OTHER)),
        begun.with("aud", json!("tintero")),
        begun.with("aud", json!(["blog", "other"])),
        begun.with("azp", json!("other")),
        begun.with("nonce", json!("x")),
        begun.with("nonce", Value::Null),
        begun.with("exp", json!(now - 61)),
        begun.with("iat", json!(now + 61)),
        begun.with("sub", json!("")),
    ] {
        assert_eq!(problem(&begun.end(&site, &code).await), "refused", "{code}");
    }
    let claims = begun.claims();
    let access = Header {
        typ: Some("at+jwt".to_owned()),
        ..header()
    };
    let shared = Header {
        alg: Algorithm::HS256,
        ..header()
    };
    let modulus = KEY.1["keys"][0]["n"].as_str().unwrap();
    let unsigned = signed(&claims);
    let (_, body) = unsigned.split_once('.').unwrap();
    let none = format!(
        "eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.{}.",
        body.split_once('.').unwrap().0
    );
    for code in [
        encode(&access, &claims, &KEY.0).unwrap(),
        encode(
            &shared,
            &claims,
            &EncodingKey::from_secret(modulus.as_bytes()),
        )
        .unwrap(),
        none,
        "x".repeat(4097),
        "a.b.c".to_owned(),
    ] {
        assert_eq!(problem(&begun.end(&site, &code).await), "refused", "{code}");
    }
}

#[tokio::test]
async fn an_error_of_the_issuer_is_explained() {
    let site = site().await;
    let begun = begin(&site).await;
    for (answer, expected) in [
        ("error=access_denied", "cancelled"),
        (
            "error=server_error&error_description=%3Cscript%3E",
            "refused",
        ),
        ("code=used", "refused"),
        ("code=down", "unreachable"),
        ("", "refused"),
    ] {
        let ended = begun.answer(&site, "staff", answer).await;
        assert_eq!(problem(&ended), expected, "{answer}");
    }
    let unknown = site.get("/v1/auth/issuers/nobody/login").await;
    assert_eq!(problem(&unknown), "refused");
}

#[tokio::test]
async fn the_page_to_return_to_is_one_of_the_dashboard() {
    let site = site().await;
    for path in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "/a%23b",
        "posts",
        "/a%0Ab",
    ] {
        let begin = format!("/v1/auth/issuers/staff/login?return_to={path}");
        assert_eq!(site.get(&begin).await.refusal().0, 400, "{path}");
    }
}

#[tokio::test]
async fn only_admitted_and_active_users_sign_in() {
    let linked = site_with(vec![policy(IdentityRule::Linked)]).await;
    let begun = begin(&linked).await;
    let ended = begun.end(&linked, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "not_admitted");

    let site = site().await;
    let administrator = site.token(Role::Administrator).await;
    let users = site.get_as(&administrator, "/v1/users").await;
    let users = users.body["items"].as_array().unwrap();
    let author = users
        .iter()
        .find(|user| user["email"] == "author@example.org")
        .unwrap();
    let path = format!("/v1/users/{}", author["id"].as_str().unwrap());
    let tag = site.get_as(&administrator, &path).await.etag().to_owned();
    let disable = Call::post(&format!("{path}/disable")).based_on(&tag);
    let disabled = disable.signed(&administrator).to(&site).await;
    assert_eq!(disabled.body["status"], UserStatus::Disabled.as_str());
    let begun = begin(&site).await;
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "disabled");
}

#[tokio::test]
async fn a_user_with_a_second_factor_enters_its_code_afterwards() {
    let site = site_with(vec![policy(IdentityRule::VerifiedEmail)]).await;
    let author = site.token(Role::Author).await;
    let (_, codes) = enrol(&site, &author).await;
    let begun = begin(&site).await;
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    let page = page(&ended);
    assert!(!page.contains_key("signed_in") && page["return_to"] == "/posts");
    assert_eq!(ended.headers.get_all("set-cookie").iter().count(), 1);
    assert_eq!(
        complete(&site, &page["challenge"], &codes[0]).await.status,
        200
    );
}

#[tokio::test]
async fn an_issuer_that_only_signs_in_browsers_gives_no_access_tokens() {
    let only = IssuerPolicy {
        audiences: Vec::new(),
        typ: None,
        leeway: Duration::ZERO,
        ..policy(IdentityRule::VerifiedEmail)
    };
    let site = site_with(vec![only]).await;
    site.token(Role::Author).await;
    let begun = begin(&site).await;
    let token = signed(&begun.claims());
    assert_eq!(site.get_as(&token, "/v1/me").await.status, 401);
    assert_eq!(page(&begun.end(&site, &token).await)["signed_in"], "1");
}

#[tokio::test]
async fn the_issuers_are_listed_with_the_address_to_begin_at() {
    let listed = site().await.get("/v1/auth/issuers").await;
    assert_eq!(
        listed.body["items"][0],
        json!({
            "id": "staff", "name": "Staff", "start": "https://api.example.org/v1/auth/issuers/staff/login",
        })
    );
}
