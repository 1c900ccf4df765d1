use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
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
    access::Role,
    accounts::{ForeignToken, IdentityRule},
    clock::Clock,
    values::Timestamp,
};

use super::{
    ForeignIssuers, IssuerDocuments, IssuerPolicy, RoleClaim, SignatureAlgorithm, keys::IssuerKeys,
    verification::ForeignFault,
};
use crate::auth::TokenFault;

const ISSUER: &str = "https://id.example.org/pool";
const NOW: i64 = 1_800_000_000;

/// A key of the issuer, as private key and as JWK without `kid`.
struct Pair {
    signing: EncodingKey,
    jwk: Value,
}

fn pair() -> Pair {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = pair.as_der().unwrap().as_ref().to_vec();
    let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der));
    let public = pair.public_key();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Pair {
        signing: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
        jwk: json!({
            "kty": "RSA", "use": "sig", "alg": "RS256",
            "n": part(public.modulus().big_endian_without_leading_zero()),
            "e": part(public.exponent().big_endian_without_leading_zero()),
        }),
    }
}

static OLD: LazyLock<Pair> = LazyLock::new(pair);
static NEW: LazyLock<Pair> = LazyLock::new(pair);

/// A small issuer with a clock. Counts its fetched documents.
struct TestIssuer {
    now: AtomicI64,
    fetches: AtomicUsize,
    /// The key set, or `None` if the issuer is down.
    keys: Mutex<Option<Value>>,
    /// The issuer that the discovery document names.
    named: Mutex<&'static str>,
}

impl Clock for TestIssuer {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst) * 1000)
    }
}

#[async_trait]
impl IssuerDocuments for TestIssuer {
    async fn fetch(&self, url: &str) -> Result<Bytes, String> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        // Others may run, as with a network.
        tokio::task::yield_now().await;
        let keys = self.keys.lock().unwrap().clone();
        let keys = keys.ok_or("connection refused")?;
        let document = match url {
            "https://id.example.org/pool/.well-known/openid-configuration" => {
                json!({"issuer": *self.named.lock().unwrap(), "jwks_uri": "https://id.example.org/keys"})
            }
            "https://id.example.org/keys" => keys,
            other => return Err(format!("{other} has status 404")),
        };
        Ok(document.to_string().into())
    }
}

fn key_set(pairs: &[(&str, &Pair)]) -> Value {
    let keys = pairs.iter().map(|(kid, pair)| {
        let mut key = pair.jwk.clone();
        key["kid"] = json!(kid);
        key
    });
    json!({"keys": keys.collect::<Vec<_>>()})
}

fn policy() -> IssuerPolicy {
    IssuerPolicy {
        issuer: ISSUER.to_owned(),
        audiences: Vec::new(),
        client_ids: vec!["blog".to_owned()],
        typ: None,
        required: BTreeMap::from([("token_use".to_owned(), "access".to_owned())]),
        algorithms: vec![SignatureAlgorithm::RS256],
        leeway: Duration::from_mins(1),
        role: None,
        admission: IdentityRule::Linked,
    }
}

struct Fixture {
    issuer: Arc<TestIssuer>,
    issuers: ForeignIssuers,
}

impl Fixture {
    fn new(policy: IssuerPolicy) -> Self {
        let issuer = Arc::new(TestIssuer {
            now: NOW.into(),
            fetches: 0.into(),
            keys: Mutex::new(Some(key_set(&[("old", &OLD)]))),
            named: Mutex::new(ISSUER),
        });
        let documents: Arc<dyn IssuerDocuments> = issuer.clone();
        let clock: Arc<dyn Clock> = issuer.clone();
        Self {
            issuers: ForeignIssuers::new(vec![policy], &documents, &clock),
            issuer,
        }
    }

    async fn verify(&self, token: &str) -> Result<ForeignToken, ForeignFault> {
        let claimed = self.issuers.claimed_by(token).expect("a known issuer");
        claimed.verify(token).await
    }

    async fn rejection(&self, token: &str) -> TokenFault {
        match self.verify(token).await.unwrap_err() {
            ForeignFault::Token(fault) => fault,
            other => panic!("{other:?}"),
        }
    }

    /// Number of fetched key sets, including failed attempts.
    fn fetches(&self) -> usize {
        self.issuer.fetches.load(Ordering::SeqCst)
    }

    fn forward(&self, by: Duration) {
        let seconds = by.as_secs().cast_signed();
        self.issuer.now.fetch_add(seconds, Ordering::SeqCst);
    }

    fn set_keys(&self, keys: Option<Value>) {
        *self.issuer.keys.lock().unwrap() = keys;
    }
}

/// The claims of an access token of Cognito.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "ana-7", "client_id": "blog", "token_use": "access",
        "cognito:groups": ["writers", "editors"], "iat": NOW, "exp": NOW + 3600,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn header(kid: &str) -> Header {
    Header {
        typ: None,
        kid: Some(kid.to_owned()),
        ..Header::new(Algorithm::RS256)
    }
}

fn signed(claims: &Value) -> String {
    encode(&header("old"), claims, &OLD.signing).unwrap()
}

/// A token with any header and signature.
fn forged(header: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let [header, claims] = [header, &claims()].map(|json| part(json.to_string().as_bytes()));
    format!("{header}.{claims}.{}", part(signature))
}

#[tokio::test]
async fn an_access_token_of_the_form_of_cognito_is_accepted() {
    let fixture = Fixture::new(policy());
    let token = fixture.verify(&signed(&claims())).await.unwrap();
    assert_eq!(token.identity.subject, "ana-7");
    assert_eq!((token.issued_at, token.role), (NOW, None));
    assert!(token.email.is_none());
}

#[tokio::test]
async fn an_id_token_and_tokens_for_others_are_rejected() {
    let fixture = Fixture::new(policy());
    let mut id_token = claims();
    id_token["token_use"] = json!("id");
    id_token["aud"] = json!("blog");
    id_token.as_object_mut().unwrap().remove("client_id");
    for (claims, fault) in [
        (id_token, TokenFault::Type),
        (with("client_id", json!("shop")), TokenFault::Audience),
        (with("client_id", json!(["blog"])), TokenFault::Audience),
        (with("sub", json!("")), TokenFault::Malformed),
        (with("sub", json!("s".repeat(256))), TokenFault::Malformed),
        (with("exp", json!("soon")), TokenFault::Malformed),
        (with("iat", Value::Null), TokenFault::Malformed),
    ] {
        assert_eq!(fixture.rejection(&signed(&claims)).await, fault, "{claims}");
    }
    let other = with("iss", json!("https://id.example.org/pool/"));
    assert!(fixture.issuers.claimed_by(&signed(&other)).is_none());
    assert!(fixture.issuers.claimed_by("no.jwt").is_none());
}

#[tokio::test]
async fn a_token_is_valid_in_its_time_with_the_leeway_of_the_policy() {
    let fixture = Fixture::new(policy());
    for (claims, fault) in [
        (with("exp", json!(NOW - 59)), None),
        (with("exp", json!(NOW - 60)), Some(TokenFault::Expired)),
        (with("exp", json!(1_800_000_000.5)), None),
        (with("nbf", json!(NOW + 60)), None),
        (with("nbf", json!(NOW + 61)), Some(TokenFault::NotYet)),
        (with("iat", json!(NOW + 61)), Some(TokenFault::NotYet)),
    ] {
        let result = fixture.verify(&signed(&claims)).await;
        let found = result.err().map(|fault| format!("{fault:?}"));
        let expected = fault.map(|fault| format!("{:?}", ForeignFault::Token(fault)));
        assert_eq!(found, expected, "{claims}");
    }
}

#[tokio::test]
async fn forged_algorithms_and_keys_are_rejected() {
    let fixture = Fixture::new(policy());
    let public = OLD.jwk["n"].as_str().unwrap().to_owned();
    let symmetric = EncodingKey::from_secret(public.as_bytes());
    let hs256 = Header {
        alg: Algorithm::HS256,
        ..header("old")
    };
    let hs256 = encode(&hs256, &claims(), &symmetric).unwrap();
    assert_eq!(fixture.rejection(&hs256).await, TokenFault::Algorithm);
    for (header, fault) in [
        (json!({"alg": "none", "kid": "old"}), TokenFault::Malformed),
        (json!({"alg": "RS256"}), TokenFault::Key),
        (json!({"alg": "RS512", "kid": "old"}), TokenFault::Algorithm),
        (
            json!({"alg": "RS256", "kid": "old", "jku": "https://evil.example/keys"}),
            TokenFault::Key,
        ),
        (
            json!({"alg": "RS256", "kid": "old", "crit": ["x"]}),
            TokenFault::Type,
        ),
        (json!({"alg": "RS256", "kid": "old"}), TokenFault::Signature),
    ] {
        let token = forged(&header, b"signature");
        assert_eq!(fixture.rejection(&token).await, fault, "{header}");
    }
    let by_other = encode(&header("old"), &claims(), &NEW.signing).unwrap();
    assert_eq!(fixture.rejection(&by_other).await, TokenFault::Signature);
    // A symmetric key in the key set is never used, whatever the policy allows.
    fixture.forward(IssuerKeys::STALE);
    let secret = URL_SAFE_NO_PAD.encode("secret");
    fixture.set_keys(Some(
        json!({"keys": [{"kty": "oct", "kid": "s", "k": secret}]}),
    ));
    let token = forged(&json!({"alg": "RS256", "kid": "s"}), b"");
    assert_eq!(fixture.rejection(&token).await, TokenFault::Key);
}

#[tokio::test]
async fn typ_audience_and_required_claims_follow_the_policy() {
    let fixture = Fixture::new(IssuerPolicy {
        audiences: vec!["api".to_owned()],
        client_ids: Vec::new(),
        typ: Some("at+jwt".to_owned()),
        required: BTreeMap::new(),
        ..policy()
    });
    let typed = |typ: Option<&str>, aud: Value| {
        let header = Header {
            typ: typ.map(str::to_owned),
            ..header("old")
        };
        encode(&header, &with("aud", aud), &OLD.signing).unwrap()
    };
    for typ in ["at+jwt", "application/AT+JWT"] {
        assert!(
            fixture
                .verify(&typed(Some(typ), json!("api")))
                .await
                .is_ok()
        );
    }
    let listed = typed(Some("at+jwt"), json!(["account", "api"]));
    assert!(fixture.verify(&listed).await.is_ok());
    for typ in [Some("JWT"), None] {
        let token = typed(typ, json!("api"));
        assert_eq!(fixture.rejection(&token).await, TokenFault::Type);
    }
    for aud in [json!("shop"), json!([]), Value::Null] {
        let token = typed(Some("at+jwt"), aud);
        assert_eq!(fixture.rejection(&token).await, TokenFault::Audience);
    }
}

#[tokio::test]
async fn the_highest_role_of_the_claim_counts() {
    let groups = |otherwise| IssuerPolicy {
        role: Some(RoleClaim {
            claim: "cognito:groups".to_owned(),
            roles: BTreeMap::from([
                ("writers".to_owned(), Role::Author),
                ("editors".to_owned(), Role::Editor),
            ]),
            otherwise,
        }),
        ..policy()
    };
    let role = async |policy, claims: &Value| {
        let token = Fixture::new(policy).verify(&signed(claims)).await;
        token.map(|token| token.role.unwrap())
    };
    assert_eq!(role(groups(None), &claims()).await.unwrap(), Role::Editor);
    let one = with("cognito:groups", json!("writers"));
    assert_eq!(role(groups(None), &one).await.unwrap(), Role::Author);
    let none = with("cognito:groups", json!(["readers", 7]));
    let given = role(groups(Some(Role::Reader)), &none).await;
    assert_eq!(given.unwrap(), Role::Reader);
    let refused = role(groups(None), &none).await.unwrap_err();
    assert!(matches!(refused, ForeignFault::NoRole));
    let mut nested = groups(None);
    nested.role.as_mut().unwrap().claim = "/realm_access/roles".to_owned();
    let claims = with("realm_access", json!({"roles": ["editors"]}));
    assert_eq!(role(nested, &claims).await.unwrap(), Role::Editor);
}

#[tokio::test]
async fn only_a_verified_email_address_counts() {
    let fixture = Fixture::new(policy());
    for (verified, counts) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(1), false),
        (Value::Null, false),
    ] {
        let mut claims = with("email", json!("Ana@Example.org"));
        claims["email_verified"] = verified;
        let token = fixture.verify(&signed(&claims)).await.unwrap();
        assert_eq!(token.email.is_some(), counts, "{claims}");
    }
}

/// A fetch of the keys needs two documents.
const FETCH: usize = 2;

#[tokio::test]
async fn keys_are_fetched_once_for_many_tokens() {
    let fixture = Fixture::new(policy());
    let token = signed(&claims());
    let all = (0..50).map(|_| fixture.verify(&token));
    let all = futures::future::join_all(all).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fixture.fetches(), FETCH);
    fixture.forward(Duration::from_mins(59));
    fixture
        .verify(&signed(&with("exp", json!(NOW * 2))))
        .await
        .unwrap();
    assert_eq!(fixture.fetches(), FETCH);
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_per_interval() {
    let fixture = Fixture::new(policy());
    fixture.verify(&signed(&claims())).await.unwrap();
    let unknown = |n: usize| encode(&header(&format!("k{n}")), &claims(), &NEW.signing).unwrap();
    for n in 0..20 {
        assert_eq!(fixture.rejection(&unknown(n)).await, TokenFault::Key);
    }
    assert_eq!(fixture.fetches(), FETCH);
    fixture.forward(IssuerKeys::INTERVAL);
    let all = (0..20).map(unknown).collect::<Vec<_>>();
    let all = all.iter().map(|token| fixture.rejection(token));
    futures::future::join_all(all).await;
    assert_eq!(fixture.fetches(), 2 * FETCH);
}

#[tokio::test]
async fn a_new_key_is_found_after_the_interval() {
    let fixture = Fixture::new(policy());
    fixture.verify(&signed(&claims())).await.unwrap();
    fixture.set_keys(Some(key_set(&[("old", &OLD), ("new", &NEW)])));
    let by_new = encode(&header("new"), &claims(), &NEW.signing).unwrap();
    assert_eq!(fixture.rejection(&by_new).await, TokenFault::Key);
    fixture.forward(IssuerKeys::INTERVAL);
    assert!(fixture.verify(&by_new).await.is_ok());
    assert!(fixture.verify(&signed(&claims())).await.is_ok());
}

#[tokio::test]
async fn known_keys_serve_while_the_issuer_is_down() {
    let fixture = Fixture::new(policy());
    let lasting = signed(&with("exp", json!(NOW * 2)));
    fixture.verify(&lasting).await.unwrap();
    fixture.set_keys(None);
    fixture.forward(IssuerKeys::STALE);
    for _ in 0..10 {
        fixture.verify(&lasting).await.unwrap();
        tokio::task::yield_now().await;
    }
    // One attempt, which failed at its first document.
    assert_eq!(fixture.fetches(), FETCH + 1);
    fixture.forward(IssuerKeys::EXPIRED);
    let fault = fixture.verify(&lasting).await.unwrap_err();
    assert!(matches!(fault, ForeignFault::Unreachable));
}

#[tokio::test]
async fn an_issuer_that_is_down_is_asked_again_after_a_pause() {
    let fixture = Fixture::new(policy());
    fixture.set_keys(None);
    for _ in 0..10 {
        let fault = fixture.verify(&signed(&claims())).await.unwrap_err();
        assert!(matches!(fault, ForeignFault::Unreachable));
    }
    assert_eq!(fixture.fetches(), 1);
    fixture.set_keys(Some(key_set(&[("old", &OLD)])));
    fixture.forward(IssuerKeys::RETRY);
    assert!(fixture.verify(&signed(&claims())).await.is_ok());
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_not_used() {
    let fixture = Fixture::new(policy());
    *fixture.issuer.named.lock().unwrap() = "https://id.example.org/other";
    let fault = fixture.verify(&signed(&claims())).await.unwrap_err();
    assert!(matches!(fault, ForeignFault::Unreachable));
    assert_eq!(fixture.fetches(), 1);
}

#[test]
fn algorithms_with_a_shared_secret_cannot_be_configured() {
    for name in ["RS256", "PS512", "ES384", "EdDSA"] {
        assert!(SignatureAlgorithm::named(name).is_some(), "{name}");
    }
    for name in ["HS256", "HS512", "none", "rs256", ""] {
        assert!(SignatureAlgorithm::named(name).is_none(), "{name}");
    }
}
