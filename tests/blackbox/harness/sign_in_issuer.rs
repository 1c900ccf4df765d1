//! A small foreign issuer on the loopback interface.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use axum::{Json, Router, extract::State, routing};
use jsonwebtoken::{EncodingKey, Header, dangerous, encode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{ADMINISTRATOR, Answer, Server, Setup};

/// The secret of the server at the issuer.
pub(crate) const CLIENT_SECRET: &str = "not-to-be-shown";

/// An issuer whose codes are the ID tokens that it exchanges them for. It has the signing key of the server.
pub(crate) struct LoopbackIssuer {
    url: String,
    key: String,
    addresses: Arc<Addresses>,
}

struct Addresses {
    own: String,
    /// The key set of the server.
    keys: OnceLock<String>,
}

fn pairs(form: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.expect("the server sends UTF-8").into_owned()
    };
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

async fn discovery(State(addresses): State<Arc<Addresses>>) -> Json<Value> {
    let own = &addresses.own;
    Json(json!({
        "issuer": own,
        "jwks_uri": addresses.keys.get(),
        "authorization_endpoint": format!("{own}/authorize"),
        "token_endpoint": format!("{own}/token"),
    }))
}

async fn token(form: String) -> Json<Value> {
    Json(json!({ "id_token": pairs(&form)["code"] }))
}

impl LoopbackIssuer {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let own = listener.local_addr().expect("the port is bound");
        let url = format!("http://{own}");
        let addresses = Arc::new(Addresses {
            own: url.clone(),
            keys: OnceLock::new(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", routing::get(discovery))
            .route("/token", routing::post(token))
            .with_state(Arc::clone(&addresses));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let key = Setup::memory().run(&["signing-key", "generate"]).stdout;
        Self {
            url,
            key: String::from_utf8(key).expect("keys are PEM"),
            addresses,
        }
    }

    /// Starts a server that signs in browsers through this issuer.
    pub(crate) fn serve(&self, setup: &Setup) -> Server {
        let server = self.configure(setup.clone()).start();
        let keys = format!("{}/.well-known/jwks.json", server.url());
        self.addresses.keys.set(keys).expect("there is one server");
        server
    }

    pub(crate) fn configure(&self, setup: Setup) -> Setup {
        let policies = json!([{
            "issuer": self.url, "users": "verified_email",
            "sign_in": { "id": "staff", "name": "Staff", "client_id": "blog" },
        }]);
        setup
            .with("TINTERO_SIGNING_KEYS", &self.key)
            .with("TINTERO_FOREIGN_ISSUERS", &policies.to_string())
            .with("TINTERO_CLIENT_SECRETS", &format!("staff={CLIENT_SECRET}"))
    }

    /// Begins a sign-in, and returns the answer with its cookie.
    pub(crate) async fn begin(server: &Server) -> Answer {
        let path = "/v1/auth/issuers/staff/login?return_to=/posts";
        server.anonymous().get(path).send().await.is(303)
    }

    /// Signs in the first administrator.
    pub(crate) async fn sign_in(&self, server: &Server) -> Answer {
        let begun = Self::begin(server).await;
        let (_, query) = begun.header("location").split_once('?').expect("a query");
        let query = pairs(query);
        // The key and the clock of the server are those of its own tokens.
        let administrator = server.administrator().await;
        let own = dangerous::insecure_decode::<Value>(administrator.token()).expect("a JWT");
        let now = own.claims["iat"].as_i64().expect("a time");
        let claims = json!({
            "iss": self.url, "sub": "7f", "aud": "blog", "nonce": query["nonce"], "iat": now, "exp": now + 300,
            "email": ADMINISTRATOR.0, "email_verified": true,
        });
        let header = Header {
            kid: own.header.kid,
            ..Header::new(own.header.alg)
        };
        let key = EncodingKey::from_rsa_pem(self.key.as_bytes()).expect("a key");
        let code = encode(&header, &claims, &key).expect("claims are JSON");
        let cookie = begun.header("set-cookie").split(';').next();
        let answer = format!("state={}&code={code}", query["state"]);
        let path = format!("/v1/auth/issuers/staff/callback?{answer}");
        let call = server.anonymous().get(&path);
        let call = call.header("cookie", cookie.unwrap_or_default());
        call.send().await.is(303)
    }
}
