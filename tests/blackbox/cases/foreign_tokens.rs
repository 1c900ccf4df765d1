//! Access tokens of foreign issuers: which are accepted, and what they prove.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, dangerous, encode};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{ADMINISTRATOR, Answer, Server, Setup, TestIssuer, cases};

pub(super) fn all() -> Vec<Trial> {
    cases![
        forged_tokens_of_a_foreign_issuer_are_rejected,
        a_foreign_token_changes_access_only_with_a_recent_second_factor,
    ]
}

const SUBJECT: &str = "7f";

/// A server whose administrator is linked to a person at an issuer.
struct Stage {
    setup: Setup,
    server: Server,
    issuer: TestIssuer,
    /// The time of a token of the server in seconds.
    now: i64,
}

impl Stage {
    async fn open(change: impl FnOnce(Setup) -> Setup) -> Self {
        let issuer = TestIssuer::start().await;
        let setup = change(Setup::embedded()).with("TINTERO_FOREIGN_ISSUERS", &issuer.policy());
        let server = setup.start();
        let token = server.administrator().await.token().to_owned();
        let claims = dangerous::insecure_decode::<Value>(&token).unwrap().claims;
        Self {
            now: claims["iat"].as_i64().unwrap(),
            setup,
            server,
            issuer,
        }
    }

    fn claims(&self) -> Value {
        self.issuer.claims(SUBJECT, self.now)
    }

    /// A token with one changed claim.
    fn claiming(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[name] = value;
        self.issuer.sign(&TestIssuer::header(), &claims)
    }

    /// A token with a changed header.
    fn headed(&self, change: impl FnOnce(&mut Header)) -> String {
        let mut header = TestIssuer::header();
        change(&mut header);
        self.issuer.sign(&header, &self.claims())
    }

    /// A token with any header and no valid signature.
    fn unsigned(&self, header: &Value, signature: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{signature}", part(header), part(&self.claims()))
    }

    async fn me(&self, token: &str) -> Answer {
        self.server.holder_of(token).get("/v1/me").send().await
    }

    fn forgeries(&self) -> Vec<(&'static str, String)> {
        let now = self.now;
        let good = self.headed(|_| {});
        let (start, signature) = good.rsplit_once('.').unwrap();
        let head = start.split('.').next().unwrap();
        let other = URL_SAFE_NO_PAD.encode(self.issuer.claims("8", now).to_string());
        let attacker = Setup::memory().run(&["signing-key", "generate"]).stdout;
        let attacker = EncodingKey::from_rsa_pem(&attacker).unwrap();
        let forged = |header: &Header| encode(header, &self.claims(), &attacker).unwrap();
        let own_key = serde_json::from_value(self.issuer.jwk.clone()).unwrap();
        let public = EncodingKey::from_secret(self.issuer.jwk["n"].as_str().unwrap().as_bytes());
        let symmetric = Header {
            alg: Algorithm::HS256,
            ..TestIssuer::header()
        };
        vec![
            (
                "none",
                self.unsigned(&json!({ "alg": "none", "typ": "at+jwt", "kid": "1" }), ""),
            ),
            (
                "the public key as a secret",
                encode(&symmetric, &self.claims(), &public).unwrap(),
            ),
            (
                "another algorithm",
                self.headed(|header| header.alg = Algorithm::RS512),
            ),
            ("another key", forged(&TestIssuer::header())),
            (
                "an unknown key",
                self.headed(|header| header.kid = Some("2".to_owned())),
            ),
            (
                "a path as the id of a key",
                self.headed(|header| header.kid = Some("../../dev/null".to_owned())),
            ),
            ("no key", self.headed(|header| header.kid = None)),
            (
                "a key in the token",
                forged(&Header {
                    jwk: Some(own_key),
                    ..TestIssuer::header()
                }),
            ),
            (
                "the address of a key set",
                self.headed(|header| header.jku = Some("https://evil.example/keys".to_owned())),
            ),
            (
                "the address of a certificate",
                self.headed(|header| header.x5u = Some("https://evil.example/cert".to_owned())),
            ),
            (
                "an unknown issuer",
                self.claiming("iss", json!("https://evil.example")),
            ),
            (
                "this server as issuer",
                self.claiming("iss", json!("https://tintero.example.org")),
            ),
            ("another audience", self.claiming("aud", json!("shop"))),
            ("no audience", self.claiming("aud", Value::Null)),
            (
                "another type",
                self.headed(|header| header.typ = Some("JWT".to_owned())),
            ),
            ("no type", self.headed(|header| header.typ = None)),
            ("an ID token", self.claiming("token_use", json!("id"))),
            ("an expired one", self.claiming("exp", json!(now - 120))),
            ("no end", self.claiming("exp", Value::Null)),
            ("one of the future", self.claiming("iat", json!(now + 3600))),
            ("not yet valid", self.claiming("nbf", json!(now + 3600))),
            ("no person", self.claiming("sub", json!(""))),
            (
                "the claims of another",
                format!("{head}.{other}.{signature}"),
            ),
            ("no signature", format!("{start}.")),
            ("a truncated signature", good[..good.len() - 20].to_owned()),
            ("16 KB", format!("{good}{}", "a".repeat(16_000))),
        ]
    }
}

async fn forged_tokens_of_a_foreign_issuer_are_rejected() {
    let stage = Stage::open(|setup| setup).await;
    let good = stage.headed(|_| {});
    stage.me(&good).await.refused(403, "not_admitted");
    stage.issuer.link(&stage.setup, ADMINISTRATOR.0, SUBJECT);
    let me = stage.me(&good).await.is(200).json();
    assert_eq!(me["email"], ADMINISTRATOR.0);
    for (what, token) in stage.forgeries() {
        let answer = stage.me(&token).await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        answer.refused(401, "invalid_token");
    }
    // Rejected keys do not replace the known ones.
    stage.me(&good).await.is(200);
    let administrator = stage.server.administrator().await;
    let end = administrator.call(http::Method::DELETE, "/v1/me/sessions");
    end.send().await.is(204);
    stage
        .me(&stage.claiming("iat", json!(stage.now - 60)))
        .await
        .refused(401, "invalid_token");
}

async fn a_foreign_token_changes_access_only_with_a_recent_second_factor() {
    let stage =
        Stage::open(|setup| setup.with("TINTERO_SECOND_FACTOR_ROLES", "administrator")).await;
    stage.issuer.link(&stage.setup, ADMINISTRATOR.0, SUBJECT);
    let now = stage.now;
    let with = |changes: Value| {
        let mut claims = stage.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        // Null stands for no claim.
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        stage.issuer.sign(&TestIssuer::header(), &claims)
    };
    let invite = async |token: &str, name: &str| {
        let body = json!({ "email": format!("{name}@example.org"), "role": "author" });
        let client = stage.server.holder_of(token);
        client.post("/v1/users").json(&body).send().await
    };
    for amr in [json!(["pwd"]), json!([]), Value::Null] {
        let one = invite(&with(json!({ "amr": amr })), "one").await;
        one.refused(403, "second_factor_required");
    }
    let mfa = json!(["pwd", "mfa"]);
    invite(&with(json!({ "amr": mfa })), "two").await.is(201);
    for time in [json!(now - 3600), Value::Null] {
        let token = with(json!({ "amr": mfa, "auth_time": time }));
        stage
            .server
            .holder_of(&token)
            .get("/v1/users")
            .send()
            .await
            .is(200);
        let old = invite(&token, "three").await;
        old.refused(401, "sign_in_too_old");
    }
}
