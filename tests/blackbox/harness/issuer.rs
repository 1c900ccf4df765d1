//! A small foreign issuer of access tokens.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{Json, Router, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Setup, ending};

/// The id of its key.
const KEY_ID: &str = "1";

/// An issuer on the loopback interface, where `http` is accepted.
pub(crate) struct TestIssuer {
    address: SocketAddr,
    pub(crate) key: EncodingKey,
    /// The public key as published.
    pub(crate) jwk: Value,
    task: JoinHandle<()>,
}

impl TestIssuer {
    /// Starts an issuer with a new key.
    pub(crate) async fn start() -> Self {
        let pem = Setup::memory().run(&["signing-key", "generate"]).stdout;
        let key = EncodingKey::from_rsa_pem(&pem).unwrap();
        let jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!(KEY_ID);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let discovery = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") });
        let keys = json!({ "keys": [jwk] });
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async || Json(discovery)),
            )
            .route("/keys", get(async || Json(keys)));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            key,
            jwk,
            task,
        }
    }

    /// The issuer of its tokens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A setting that accepts its access tokens, in which `amr` tells about second factors.
    pub(crate) fn policy(&self) -> String {
        json!([{
            "issuer": self.url(), "audience": ["tintero"], "typ": "at+jwt", "require": { "token_use": "access" },
            "second_factor_claim": "amr", "second_factor_values": ["mfa"],
        }])
        .to_string()
    }

    /// The header of its tokens.
    pub(crate) fn header() -> Header {
        Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some(KEY_ID.to_owned()),
            ..Header::new(Algorithm::RS256)
        }
    }

    /// The claims of an access token that was issued at a time in seconds.
    pub(crate) fn claims(&self, subject: &str, issued: i64) -> Value {
        json!({
            "iss": self.url(), "sub": subject, "aud": "tintero", "token_use": "access",
            "iat": issued, "exp": issued + 3600, "auth_time": issued,
        })
    }

    /// Signs a token.
    pub(crate) fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.key).unwrap()
    }

    /// Links a user to a person here.
    pub(crate) fn link(&self, setup: &Setup, email: &str, subject: &str) {
        let url = self.url();
        let link = [
            "users",
            "link",
            email,
            "--issuer",
            &url,
            "--subject",
            subject,
        ];
        let output = setup.run(&link);
        assert!(output.status.success(), "{}", ending(&output).1);
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
