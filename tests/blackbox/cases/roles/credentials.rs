//! Callers of each kind.

use jsonwebtoken::{EncodingKey, dangerous, decode_header, encode};
use serde_json::{Value, json};

use super::PASSWORD;
use crate::harness::{Client, Server, Setup, TestIssuer, ending};

/// A key that signs access tokens.
pub(super) fn new_key() -> String {
    let output = Setup::memory().run(&["signing-key", "generate"]);
    String::from_utf8(output.stdout).unwrap()
}

/// The same token an hour ago.
pub(super) fn expired(token: &str, key: &str) -> String {
    let header = decode_header(token).unwrap();
    let mut claims = dangerous::insecure_decode::<Value>(token).unwrap().claims;
    for name in ["iat", "nbf", "exp"] {
        if let Some(time) = claims[name].as_i64() {
            claims[name] = json!(time - 3600);
        }
    }
    let key = EncodingKey::from_rsa_pem(key.as_bytes()).unwrap();
    encode(&header, &claims, &key).unwrap()
}

/// An administrator who was disabled after signing in.
pub(super) async fn disabled(setup: &Setup, server: &Server, administrator: &Client) -> Client {
    let person = join_as(setup, server, "disabled", "administrator").await;
    let me = person.get("/v1/me").send().await.is(200).json();
    let path = format!("/v1/users/{}", me["id"].as_str().unwrap());
    let user = administrator.get(&path).send().await.is(200);
    let disable = administrator.post(&format!("{path}/disable"));
    disable.based_on(user.header("etag")).send().await.is(200);
    person
}

/// An administrator with an access token of a foreign issuer.
pub(super) async fn foreign(setup: &Setup, server: &Server, issuer: &TestIssuer) -> Client {
    let person = join_as(setup, server, "foreign", "administrator").await;
    let claims = dangerous::insecure_decode::<Value>(person.token());
    let since = claims.unwrap().claims["iat"].as_i64().unwrap();
    issuer.link(setup, "foreign@example.org", "7f");
    let claims = issuer.claims("7f", since);
    server.holder_of(&issuer.sign(&TestIssuer::header(), &claims))
}

/// A key of the first administrator with a scope that almost no operation needs.
pub(super) fn narrow_key(setup: &Setup) -> String {
    let issue = [
        "keys",
        "issue",
        "--name",
        "narrow",
        "--scope",
        "profile:edit",
    ];
    let output = setup.run(&issue);
    assert!(output.status.success(), "{}", ending(&output).1);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Signs in a new user with this role.
pub(super) async fn join(setup: &Setup, server: &Server, role: &str) -> Client {
    join_as(setup, server, role, role).await
}

async fn join_as(setup: &Setup, server: &Server, name: &str, role: &str) -> Client {
    let email = format!("{name}@example.org");
    let add = [
        "users",
        "add",
        &email,
        "--role",
        role,
        "--name",
        name,
        "--password-stdin",
    ];
    let output = setup.run_with_input(&add, PASSWORD);
    assert!(output.status.success(), "{}", ending(&output).1);
    server.sign_in(&email, PASSWORD).await
}
