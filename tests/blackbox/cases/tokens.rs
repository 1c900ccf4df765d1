//! Access tokens: signature, issuer, audience and lifetime.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, dangerous, decode_header, encode, jwk::Jwk};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{ADMINISTRATOR, Server, Setup, cases, is_access, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        forged_and_expired_tokens_are_rejected,
        a_refresh_token_works_once_and_sessions_end,
        a_token_stays_valid_until_its_signing_key_is_removed,
    ]
}

/// A signing key, its server, and a valid token.
struct Forge {
    server: Server,
    key: EncodingKey,
    header: Header,
    claims: Value,
}

impl Forge {
    async fn open() -> Self {
        let pem = new_key();
        let server = Setup::memory().with("TINTERO_SIGNING_KEYS", &pem).start();
        let token = server.administrator().await.token().to_owned();
        Self {
            server,
            key: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
            header: decode_header(&token).unwrap(),
            claims: claims_of(&token),
        }
    }

    /// A token with one changed claim.
    fn claiming(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        encode(&self.header, &claims, &self.key).unwrap()
    }

    fn without(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        encode(&self.header, &claims, &self.key).unwrap()
    }

    /// A token with a changed header.
    fn headed(&self, change: impl FnOnce(&mut Header)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        encode(&header, &self.claims, &self.key).unwrap()
    }

    fn by_another_key(&self) -> String {
        let key = EncodingKey::from_rsa_pem(new_key().as_bytes()).unwrap();
        encode(&self.header, &self.claims, &key).unwrap()
    }

    /// A token signed by a key that its header contains.
    fn by_its_own_key(&self) -> String {
        let key = EncodingKey::from_rsa_pem(new_key().as_bytes()).unwrap();
        let header = Header {
            jwk: Some(Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap()),
            ..self.header.clone()
        };
        encode(&header, &self.claims, &key).unwrap()
    }

    /// An unsigned token, with `alg: none`.
    fn unsigned(&self) -> String {
        let header = json!({ "alg": "none", "typ": "at+jwt", "kid": self.header.kid });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&header), part(&self.claims))
    }

    /// A token signed with the public key as an HMAC secret.
    fn by_the_public_key(&self, secret: &[u8]) -> String {
        let header = Header {
            alg: Algorithm::HS256,
            ..self.header.clone()
        };
        encode(&header, &self.claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn forgeries(&self, public: &str) -> Vec<(&'static str, String)> {
        let now = self.claims["iat"].as_i64().unwrap();
        let good = encode(&self.header, &self.claims, &self.key).unwrap();
        let (head, signature) = (
            good.split('.').next().unwrap(),
            good.rsplit('.').next().unwrap(),
        );
        let other = URL_SAFE_NO_PAD.encode(json!({ "sub": "somebody" }).to_string());
        vec![
            ("none", self.unsigned()),
            ("another key", self.by_another_key()),
            ("an expired one", self.claiming("exp", json!(now - 120))),
            ("one of the future", self.claiming("iat", json!(now + 3600))),
            ("one not yet valid", self.claiming("nbf", json!(now + 3600))),
            ("another audience", self.claiming("aud", json!("elsewhere"))),
            (
                "another issuer",
                self.claiming("iss", json!("https://elsewhere.example.org")),
            ),
            ("no audience", self.without("aud")),
            ("no end", self.without("exp")),
            (
                "an unknown user",
                self.claiming("sub", json!("01912d68-783e-7a03-8467-5661c1243ad4")),
            ),
            ("no user", self.claiming("sub", json!("ana"))),
            (
                "another type",
                self.headed(|header| header.typ = Some("JWT".to_owned())),
            ),
            ("no type", self.headed(|header| header.typ = None)),
            (
                "an unknown key",
                self.headed(|header| header.kid = Some("unknown".to_owned())),
            ),
            (
                "a path as the id of a key",
                self.headed(|header| header.kid = Some("../../dev/null".to_owned())),
            ),
            (
                "the address of a key set",
                self.headed(|header| header.jku = Some("https://evil.example/keys".to_owned())),
            ),
            (
                "the address of a certificate",
                self.headed(|header| header.x5u = Some("https://evil.example/cert".to_owned())),
            ),
            ("a key in the token", self.by_its_own_key()),
            ("no key", self.headed(|header| header.kid = None)),
            (
                "another algorithm",
                self.headed(|header| header.alg = Algorithm::RS512),
            ),
            (
                "the public key as a secret",
                self.by_the_public_key(public.as_bytes()),
            ),
            ("other claims", format!("{head}.{other}.{signature}")),
            ("no signature", good[..=good.rfind('.').unwrap()].to_owned()),
            ("a truncated signature", good[..good.len() - 20].to_owned()),
            ("16 KB", "a".repeat(16_000)),
            (
                "16 KB after a valid token",
                format!("{good}{}", "a".repeat(16_000)),
            ),
            ("no token at all", "nonsense".to_owned()),
        ]
    }
}

async fn forged_and_expired_tokens_are_rejected() {
    let forge = Forge::open().await;
    let good = encode(&forge.header, &forge.claims, &forge.key).unwrap();
    forge
        .server
        .holder_of(&good)
        .get("/v1/me")
        .send()
        .await
        .is(200);
    let jwks = forge
        .server
        .anonymous()
        .get("/.well-known/jwks.json")
        .send()
        .await
        .json();
    let mut named = vec![];
    for (what, token) in forge.forgeries(&public_pem(&jwks["keys"][0])) {
        let answer = forge.server.holder_of(&token).get("/v1/me").send().await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        let challenge = answer.header("www-authenticate").to_owned();
        assert!(
            challenge.contains("error=\"invalid_token\""),
            "{what}: {challenge}"
        );
        named.push(answer.request_id.clone());
        answer.refused(401, "invalid_token");
        // An invalid token fails even where no token is required: the client expects to be signed in.
        let list = forge.server.holder_of(&token).get("/v1/posts").send().await;
        list.refused(401, "invalid_token");
    }
    let log = forge.server.log();
    for name in named {
        assert!(log.wait_for(|line| is_access(line, &name)).is_some());
        assert_eq!(log.count(|line| is_access(line, &name)), 1);
    }
}

async fn a_refresh_token_works_once_and_sessions_end() {
    let server = shared::server();
    let anonymous = server.anonymous();
    let (email, password) = ADMINISTRATOR;
    let login = || {
        anonymous
            .post("/v1/auth/login")
            .json(&json!({ "email": email, "password": password }))
    };
    let refresh = |tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        anonymous.post("/v1/auth/refresh").json(&body)
    };
    let first = login().send().await.is(200);
    assert_eq!(first.header("cache-control"), "no-store");
    let first = first.json();
    assert_eq!(
        (&first["token_type"], &first["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    let second = refresh(&first).send().await.is(200).json();
    server
        .holder_of(second["access_token"].as_str().unwrap())
        .get("/v1/me")
        .send()
        .await
        .is(200);
    refresh(&first).send().await.refused(401, "invalid_token");
    refresh(&second).send().await.refused(401, "invalid_token");

    let third = login().send().await.is(200).json();
    let body = json!({ "refresh_token": third["refresh_token"] });
    for _ in 0..2 {
        anonymous
            .post("/v1/auth/logout")
            .json(&body)
            .send()
            .await
            .is(204);
    }
    refresh(&third).send().await.refused(401, "invalid_token");
}

async fn a_token_stays_valid_until_its_signing_key_is_removed() {
    let setup = Setup::embedded();
    let (former, present) = (new_key(), new_key());
    let start = |keys: String| setup.clone().with("TINTERO_SIGNING_KEYS", &keys).start();
    let server = start(former.clone());
    let token = server.administrator().await.token().to_owned();
    drop(server);
    let server = start(format!("{present}{former}"));
    server.holder_of(&token).get("/v1/me").send().await.is(200);
    assert_ne!(
        decode_header(server.administrator().await.token())
            .unwrap()
            .kid,
        decode_header(&token).unwrap().kid
    );
    drop(server);
    let server = start(present);
    server
        .holder_of(&token)
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
}

/// A new key, generated by the binary.
fn new_key() -> String {
    let output = Setup::memory().run(&["signing-key", "generate"]);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn claims_of(token: &str) -> Value {
    dangerous::insecure_decode::<Value>(token).unwrap().claims
}

/// `SubjectPublicKeyInfo` (RFC 5280) of a 2048-bit RSA key, up to the modulus.
const HEAD: &[u8] = b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00\x30\x82\x01\x0a\x02\x82\x01\x01\x00";

/// The public key as PEM, built from the published JWK.
fn public_pem(jwk: &Value) -> String {
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let (modulus, exponent) = (part("n"), part("e"));
    assert_eq!(
        (modulus.len(), exponent.as_slice()),
        (256, [1, 0, 1].as_slice())
    );
    let der = [HEAD, &modulus, b"\x02\x03", &exponent].concat();
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    )
}
