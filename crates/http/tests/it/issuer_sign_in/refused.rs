//! Answers of issuers and ID tokens that start no session.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Begun, OTHER, begin, header, page, problem, signed, site};
use crate::{call::Call, issuers::KEY, site::DAWN};

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
