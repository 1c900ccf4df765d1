use std::sync::{Arc, LazyLock};

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tintero_domain::{
    clock::{Clock, Ids},
    values::{Timestamp, UserId},
};
use uuid::Uuid;

use super::{AccessTokens, Parties, SigningKey, TokenFault};

const NOW: i64 = 1_800_000_000;

struct At(i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0 * 1000)
    }
}

struct Same;

impl Ids for Same {
    fn next(&self) -> Uuid {
        Uuid::from_u128(7)
    }
}

struct Pair {
    pem: String,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

fn pair() -> Pair {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = pair.as_der().unwrap().as_ref().to_vec();
    let public = pair.public_key();
    Pair {
        pem: pem::encode(&pem::Pem::new("PRIVATE KEY", der)),
        modulus: public.modulus().big_endian_without_leading_zero().to_vec(),
        exponent: public.exponent().big_endian_without_leading_zero().to_vec(),
    }
}

// Generating an RSA key is slow, and the tests differ only in the signed content.
static OURS: LazyLock<Pair> = LazyLock::new(pair);
static THEIRS: LazyLock<Pair> = LazyLock::new(pair);

fn key(kid: &str, pair: &Pair) -> SigningKey {
    SigningKey::new(kid, &pair.pem, &pair.modulus, &pair.exponent).unwrap()
}

fn parties() -> Parties {
    Parties {
        issuer: "https://api.example.org".to_owned(),
        audience: "tintero".to_owned(),
    }
}

fn tokens_at(now: i64) -> AccessTokens {
    AccessTokens::new(
        key("ours", &OURS),
        Vec::new(),
        parties(),
        Arc::new(At(now)),
        Arc::new(Same),
    )
}

fn user() -> UserId {
    UserId::new(Uuid::from_u128(42))
}

fn claims() -> Value {
    json!({
        "iss": "https://api.example.org", "aud": "tintero", "sub": user().to_string(),
        "iat": NOW, "exp": NOW + 900, "jti": "x",
    })
}

fn header() -> Header {
    Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some("ours".to_owned()),
        ..Header::new(Algorithm::RS256)
    }
}

fn signed(header: &Header, claims: &Value) -> String {
    encode(header, claims, &key("ours", &OURS).encoding).unwrap()
}

fn rejection(token: &str) -> TokenFault {
    tokens_at(NOW).verify(token).unwrap_err()
}

#[test]
fn an_issued_token_identifies_its_user() {
    let token = tokens_at(NOW).issue(user(), None, At(NOW).now());
    let proof = tokens_at(NOW + 899).verify(&token).unwrap();
    assert_eq!((proof.user_id, proof.issued_at), (user(), NOW));
}

#[test]
fn a_token_of_an_earlier_key_is_accepted() {
    let old = tokens_at(NOW).issue(user(), None, At(NOW).now());
    let rotated = AccessTokens::new(
        key("new", &THEIRS),
        vec![key("ours", &OURS)],
        parties(),
        Arc::new(At(NOW)),
        Arc::new(Same),
    );
    assert!(rotated.verify(&old).is_ok());
    assert_eq!(rotated.jwks().keys.len(), 2);
}

#[test]
fn clocks_may_differ_by_a_minute() {
    let token = signed(&header(), &claims());
    assert!(tokens_at(NOW + 959).verify(&token).is_ok());
    assert_eq!(
        tokens_at(NOW + 960).verify(&token).unwrap_err(),
        TokenFault::Expired
    );
    assert!(tokens_at(NOW - 60).verify(&token).is_ok());
    assert_eq!(
        tokens_at(NOW - 61).verify(&token).unwrap_err(),
        TokenFault::NotYet
    );
}

#[test]
fn a_token_is_not_valid_before_its_nbf() {
    let mut later = claims();
    later["nbf"] = json!(NOW + 61);
    let token = signed(&header(), &later);
    assert_eq!(rejection(&token), TokenFault::NotYet);
    assert!(tokens_at(NOW + 1).verify(&token).is_ok());
}

#[test]
fn a_token_without_signature_is_rejected() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    for alg in ["none", "None", "nOnE"] {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": "ours"}).to_string();
        let token = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims().to_string())
        );
        assert_eq!(rejection(&token), TokenFault::Malformed);
    }
}

#[test]
fn a_symmetric_signature_with_the_public_key_is_rejected() {
    let header = Header {
        alg: Algorithm::HS256,
        ..header()
    };
    let public = EncodingKey::from_secret(&OURS.modulus);
    let token = encode(&header, &claims(), &public).unwrap();
    assert_eq!(rejection(&token), TokenFault::Algorithm);
}

#[test]
fn another_key_with_a_known_id_is_rejected() {
    let token = encode(&header(), &claims(), &key("ours", &THEIRS).encoding).unwrap();
    assert_eq!(rejection(&token), TokenFault::Signature);
}

#[test]
fn a_changed_signature_is_rejected() {
    let token = signed(&header(), &claims());
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    assert_eq!(
        rejection(&format!("{rest}.{other}{}", &signature[1..])),
        TokenFault::Signature
    );
}

#[test]
fn other_headers_are_rejected() {
    for (changed, fault) in [
        (
            Header {
                kid: Some("other".to_owned()),
                ..header()
            },
            TokenFault::Key,
        ),
        (
            Header {
                kid: None,
                ..header()
            },
            TokenFault::Key,
        ),
        (
            Header {
                jku: Some("https://evil.example/keys".to_owned()),
                ..header()
            },
            TokenFault::Key,
        ),
        (
            Header {
                x5u: Some("https://evil.example/cert".to_owned()),
                ..header()
            },
            TokenFault::Key,
        ),
        (
            Header {
                kid: Some("../../dev/null".to_owned()),
                ..header()
            },
            TokenFault::Key,
        ),
        (
            Header {
                typ: Some("JWT".to_owned()),
                ..header()
            },
            TokenFault::Type,
        ),
        (
            Header {
                typ: None,
                ..header()
            },
            TokenFault::Type,
        ),
        (
            Header {
                crit: Some(vec!["b64".to_owned()]),
                ..header()
            },
            TokenFault::Type,
        ),
        (
            Header {
                alg: Algorithm::RS384,
                ..header()
            },
            TokenFault::Algorithm,
        ),
    ] {
        assert_eq!(
            rejection(&signed(&changed, &claims())),
            fault,
            "{changed:?}"
        );
    }
    let long_name = Header {
        typ: Some("application/AT+JWT".to_owned()),
        ..header()
    };
    assert!(
        tokens_at(NOW)
            .verify(&signed(&long_name, &claims()))
            .is_ok()
    );
}

#[test]
fn other_claims_are_rejected() {
    for (member, value, fault) in [
        ("iss", json!("https://evil.example"), TokenFault::Issuer),
        ("aud", json!("other"), TokenFault::Audience),
        ("sub", json!("ana"), TokenFault::Malformed),
        ("exp", json!("tomorrow"), TokenFault::Malformed),
        ("sub", Value::Null, TokenFault::Malformed),
        ("exp", Value::Null, TokenFault::Malformed),
    ] {
        let mut changed = claims();
        changed[member] = value;
        assert_eq!(rejection(&signed(&header(), &changed)), fault, "{member}");
    }
}

#[test]
fn text_that_is_not_a_token_is_rejected_before_it_is_decoded() {
    assert_eq!(rejection(&"a".repeat(8 * 1024 + 1)), TokenFault::TooLong);
    for text in ["", ".", "a.b.c", "é.é.é"] {
        assert_eq!(rejection(text), TokenFault::Malformed);
    }
}
