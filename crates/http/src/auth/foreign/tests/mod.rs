//! A small issuer, whose tokens are verified.

mod key_fetches;
mod token_rules;

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
    FactorClaim, ForeignIssuers, IssuerDocuments, IssuerPolicy, RoleClaim, SignatureAlgorithm,
    keys::IssuerKeys, verification::ForeignFault,
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
        second_factor: None,
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
