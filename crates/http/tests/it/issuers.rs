//! Access tokens of foreign issuers.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use async_trait::async_trait;
use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tintero_domain::{
    access::{Authority, RequestContext, Role},
    accounts::{Identity, IdentityRule},
    clock::Clock,
};
use tintero_http::{ForeignIssuers, IssuerDocuments, IssuerPolicy, RoleClaim, SignatureAlgorithm};

use crate::{
    call::{Answer, Call},
    site::{DAWN, Machine, Site, site_on},
};

pub(crate) const ISSUER: &str = "https://id.example.org";

/// The key of the issuer: the private part, and the key set.
pub(crate) static KEY: LazyLock<(EncodingKey, Value)> = LazyLock::new(|| {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = pair.as_der().unwrap().as_ref().to_vec();
    let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der));
    let public = pair.public_key();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "RSA", "kid": "1",
        "n": part(public.modulus().big_endian_without_leading_zero()),
        "e": part(public.exponent().big_endian_without_leading_zero()),
    });
    let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    (signing, json!({"keys": [jwk]}))
});

struct TestDocuments;

#[async_trait]
impl IssuerDocuments for TestDocuments {
    async fn fetch(&self, url: &str) -> Result<Bytes, String> {
        let keys = format!("{ISSUER}/keys");
        let document = if url == keys {
            KEY.1.clone()
        } else {
            let issuer = url.trim_end_matches("/.well-known/openid-configuration");
            json!({
                "issuer": issuer, "jwks_uri": keys,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "userinfo_endpoint": format!("{issuer}/me"),
            })
        };
        Ok(document.to_string().into())
    }
}

/// The verifier of a site.
pub(crate) fn issuers(policies: Vec<IssuerPolicy>, clock: &Arc<dyn Clock>) -> ForeignIssuers {
    let documents: Arc<dyn IssuerDocuments> = Arc::new(TestDocuments);
    ForeignIssuers::new(policies, &documents, clock)
}

pub(crate) fn policy(admission: IdentityRule) -> IssuerPolicy {
    IssuerPolicy {
        issuer: ISSUER.to_owned(),
        audiences: vec!["tintero".to_owned()],
        client_ids: Vec::new(),
        typ: Some("at+jwt".to_owned()),
        required: BTreeMap::new(),
        algorithms: vec![SignatureAlgorithm::RS256],
        leeway: Duration::from_mins(1),
        role: None,
        second_factor: None,
        admission,
    }
}

pub(crate) fn with_groups(admission: IdentityRule) -> IssuerPolicy {
    IssuerPolicy {
        role: Some(RoleClaim {
            claim: "groups".to_owned(),
            roles: BTreeMap::from([
                ("writers".to_owned(), Role::Author),
                ("chiefs".to_owned(), Role::Administrator),
            ]),
            otherwise: None,
        }),
        ..policy(admission)
    }
}

async fn site_with(policy: IssuerPolicy) -> Site {
    let machine = Machine {
        issuers: vec![policy],
        ..Machine::new()
    };
    site_on(machine, |_| {}).await
}

fn token_with(changes: &Value) -> String {
    let now = DAWN / 1000;
    let mut claims = json!({
        "iss": ISSUER, "sub": "7f", "aud": "tintero", "iat": now, "exp": now + 3600,
        "email": "author@example.org", "email_verified": true, "name": "Ana",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some("1".to_owned()),
        ..Header::new(Algorithm::RS256)
    };
    encode(&header, &claims, &KEY.0).unwrap()
}

fn token() -> String {
    token_with(&json!({}))
}

async fn me(site: &Site, token: &str) -> Answer {
    site.get_as(token, "/v1/me").await
}

async fn link(site: &Site) -> tintero_domain::Result<()> {
    let identity = Identity {
        issuer: ISSUER.to_owned(),
        subject: "7f".to_owned(),
    };
    let email = "author@example.org".parse().unwrap();
    let request = RequestContext::default();
    let operator = Authority::Operator(&request);
    site.accounts
        .link_identity(operator, &email, identity)
        .await
}

#[tokio::test]
async fn a_linked_identity_acts_as_its_user() {
    let site = site_with(policy(IdentityRule::Linked)).await;
    site.token(Role::Author).await;
    let refused = me(&site, &token()).await;
    assert_eq!(refused.refusal(), (403, "not_admitted"));
    link(&site).await.unwrap();
    let read = me(&site, &token()).await;
    assert_eq!(read.status, 200);
    assert_eq!(read.body["email"], "author@example.org");
    assert_eq!(read.body["role"], "author");
    // Repeating the link changes nothing.
    link(&site).await.unwrap();
    let other = me(&site, &token_with(&json!({"sub": "8"}))).await;
    assert_eq!(other.refusal(), (403, "not_admitted"));
}

#[tokio::test]
async fn an_unlinked_identity_is_rejected_again() {
    let site = site_with(policy(IdentityRule::Linked)).await;
    site.token(Role::Author).await;
    link(&site).await.unwrap();
    assert_eq!(me(&site, &token()).await.status, 200);
    let (email, request) = (
        "author@example.org".parse().unwrap(),
        RequestContext::default(),
    );
    let unlink = || {
        let operator = Authority::Operator(&request);
        site.accounts.unlink_identity(operator, &email, ISSUER)
    };
    unlink().await.unwrap();
    assert_eq!(me(&site, &token()).await.status, 403);
    assert!(unlink().await.is_err());
}

#[tokio::test]
async fn invalid_tokens_and_disabled_users_get_401() {
    let site = site_with(policy(IdentityRule::Linked)).await;
    let administrator = site.token(Role::Administrator).await;
    site.token(Role::Author).await;
    link(&site).await.unwrap();
    for changes in [
        json!({"aud": "other"}),
        json!({"exp": DAWN / 1000 - 61}),
        json!({"nbf": DAWN / 1000 + 61}),
    ] {
        let refused = me(&site, &token_with(&changes)).await;
        assert_eq!(refused.refusal(), (401, "invalid_token"), "{changes}");
        assert!(refused.header("www-authenticate").starts_with("Bearer"));
    }
    let me_now = me(&site, &token()).await;
    let path = format!("/v1/users/{}", me_now.body["id"].as_str().unwrap());
    let user = site.get_as(&administrator, &path).await;
    let disable = Call::post(&format!("{path}/disable")).signed(&administrator);
    let disabled = disable.based_on(user.etag()).to(&site).await;
    assert_eq!(disabled.status, 200);
    let refused = me(&site, &token()).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn a_foreign_token_does_not_manage_the_account() {
    let site = site_with(policy(IdentityRule::VerifiedEmail)).await;
    site.token(Role::Author).await;
    let refused = site.get_as(&token(), "/v1/me/sessions").await;
    assert_eq!(refused.refusal(), (403, "session_required"));
    let body = json!({"title": "Hola", "body": "Hola"});
    let created = site.post_as(&token(), "/v1/posts", &body).await;
    assert_eq!(created.status, 201);
}

#[tokio::test]
async fn a_verified_address_links_the_first_identity_only() {
    let site = site_with(policy(IdentityRule::VerifiedEmail)).await;
    let unknown = me(&site, &token()).await;
    assert_eq!(unknown.refusal(), (403, "not_admitted"));
    site.token(Role::Author).await;
    let unverified = me(&site, &token_with(&json!({"email_verified": false}))).await;
    assert_eq!(unverified.refusal(), (403, "not_admitted"));
    assert_eq!(me(&site, &token()).await.status, 200);
    // The identity stays linked, whatever its address is later.
    let moved = token_with(&json!({"email": "other@example.org"}));
    assert_eq!(me(&site, &moved).await.body["email"], "author@example.org");
    // Another person who gets the address later is not the user.
    let successor = me(&site, &token_with(&json!({"sub": "8"}))).await;
    assert_eq!(successor.refusal(), (403, "not_admitted"));
}

#[tokio::test]
async fn parallel_first_requests_create_one_user() {
    let site = site_with(policy(IdentityRule::Create(Role::Contributor))).await;
    let administrator = site.token(Role::Administrator).await;
    let token = token_with(&json!({"email": "new@example.org"}));
    let all = (0..4).map(|_| me(&site, &token));
    for answer in futures::future::join_all(all).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["role"], "contributor");
        assert_eq!(answer.body["display_name"], "Ana");
    }
    let users = site.get_as(&administrator, "/v1/users").await;
    assert_eq!(users.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_token_gives_the_role_if_the_policy_says_so() {
    let site = site_with(with_groups(IdentityRule::VerifiedEmail)).await;
    site.token(Role::Author).await;
    let chief = token_with(&json!({"groups": ["writers", "chiefs"]}));
    assert_eq!(me(&site, &chief).await.body["role"], "administrator");
    assert_eq!(site.get_as(&chief, "/v1/users").await.status, 200);
    let writer = token_with(&json!({"groups": "writers"}));
    assert_eq!(site.get_as(&writer, "/v1/users").await.status, 403);
    let none = me(&site, &token_with(&json!({"groups": []}))).await;
    assert_eq!(none.refusal(), (403, "not_admitted"));
}
