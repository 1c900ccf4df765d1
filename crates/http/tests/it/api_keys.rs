//! API keys: scheme, scopes and errors.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::json;
use tintero_domain::{
    access::{RequestContext, Role},
    accounts::{IssuedKey, Lifetime, NewKey},
};

use crate::{
    call::Call,
    site::{Site, site},
};

/// Issues a key for the user with this role.
async fn issued(site: &Site, role: Role, scopes: &str) -> (IssuedKey, String) {
    let new = NewKey {
        name: "robot".parse().unwrap(),
        email: format!("{}@example.org", role.as_str()).parse().unwrap(),
        scopes: scopes.parse().unwrap(),
        lifetime: Lifetime::USUAL,
    };
    let request = RequestContext::default();
    let (key, secret) = site.api_keys.issue(&request, new).await.unwrap();
    (key, secret.expose().to_owned())
}

fn with_key(call: Call, key: &str) -> Call {
    call.header("authorization", &format!("ApiKey {key}"))
}

#[tokio::test]
async fn a_key_has_the_permissions_of_its_user_and_scopes() {
    let site = site().await;
    site.token(Role::Contributor).await;
    let scopes = "posts:read,posts:create,posts:publish_any";
    let (_, key) = issued(&site, Role::Contributor, scopes).await;
    let me = with_key(Call::get("/v1/me"), &key).to(&site).await;
    assert_eq!(me.body["email"], "contributor@example.org");
    assert_eq!(
        me.body["permissions"],
        json!(["posts:read", "posts:create"]),
        "the role holds no posts:publish_any"
    );

    let draft = json!({"title": "Hola", "body": ""});
    let call = with_key(Call::post("/v1/posts").json(&draft), &key);
    let post = call.to(&site).await;
    assert_eq!(post.status, 201);
    assert_eq!(post.body["owner_id"], me.body["id"]);

    let address = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
    let patch = Call::patch(&address)
        .based_on(post.etag())
        .bytes("application/merge-patch+json", r#"{"title": "Adios"}"#);
    let refused = with_key(patch, &key).to(&site).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(refused.body["permission"], "posts:edit_any");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("scopes of your API key"), "{detail}");
}

#[tokio::test]
async fn all_invalid_keys_return_the_same_problem() {
    let site = site().await;
    site.token(Role::Editor).await;
    let (key, secret) = issued(&site, Role::Editor, "import").await;
    let request = RequestContext::default();
    site.api_keys.revoke(&request, key.id).await.unwrap();
    let (_, expired) = issued(&site, Role::Editor, "import").await;
    site.clock.forward_seconds(90 * 24 * 60 * 60);
    let mut answers = Vec::new();
    for key in [&secret, &expired, &secret[1..], "a.b.c", "tin_"] {
        let answer = with_key(Call::get("/v1/me"), key).to(&site).await;
        assert_eq!(answer.refusal(), (401, "invalid_token"), "{key}");
        let challenge = answer.header("www-authenticate").to_owned();
        answers.push((answer.body["detail"].clone(), challenge));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let challenge = &answers[0].1;
    assert!(challenge.starts_with("ApiKey realm=\"tintero\", error="));
    // An invalid key is also rejected by public operations.
    let list = with_key(Call::get("/v1/posts"), &secret).to(&site).await;
    assert_eq!(list.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn a_key_sent_as_a_token_returns_401_with_the_right_scheme() {
    let site = site().await;
    site.token(Role::Editor).await;
    let (_, key) = issued(&site, Role::Editor, "import").await;
    let answer = site.get_as(&key, "/v1/me").await;
    assert_eq!(answer.refusal(), (401, "invalid_token"));
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains("Authorization: ApiKey <key>"), "{detail}");
    assert!(!answer.text.contains(&key));
}

#[tokio::test]
async fn a_request_without_credential_returns_both_schemes() {
    let site = site().await;
    let answer = site.get("/v1/me").await;
    assert_eq!(answer.refusal(), (401, "unauthenticated"));
    let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(
        challenges,
        ["Bearer realm=\"tintero\"", "ApiKey realm=\"tintero\""]
    );
}
