use serde_json::json;
use tintero_domain::access::Role;

use crate::{
    call::Call,
    site::{PASSWORD, site, site_as},
};

#[tokio::test]
async fn a_login_returns_valid_tokens_that_are_not_cached() {
    let site = site().await;
    site.token(Role::Author).await;
    let credentials = json!({"email": "AUTHOR@example.org ", "password": PASSWORD});
    let answer = site.post("/v1/auth/login", &credentials).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["token_type"], "Bearer");
    assert_eq!(answer.body["expires_in"], 900);
    let token = answer.body["access_token"].as_str().unwrap();
    let me = site.get_as(token, "/v1/me").await;
    assert_eq!(me.body["email"], "author@example.org");
    assert_eq!(me.body["role"], "author");
    assert_eq!(me.body["permissions"][0], "posts:read");
    assert_eq!(me.header("cache-control"), "private, no-cache");
    assert_eq!(me.header("vary"), "Authorization, Cookie");
}

#[tokio::test]
async fn all_wrong_credentials_return_the_same_problem() {
    let site = site().await;
    site.token(Role::Author).await;
    let mut details = Vec::new();
    for email in ["author@example.org", "nobody@example.org"] {
        let body = json!({"email": email, "password": "wrong"});
        let answer = site.post("/v1/auth/login", &body).await;
        assert_eq!(answer.refusal(), (401, "bad_credentials"));
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer realm=\"tintero\""
        );
        details.push(answer.body["detail"].clone());
    }
    assert_eq!(details[0], details[1]);
}

#[tokio::test]
async fn malformed_credentials_return_422() {
    let site = site().await;
    let body = json!({"email": "ana", "password": 7, "remember": true});
    let answer = site.post("/v1/auth/login", &body).await;
    assert_eq!(answer.refusal(), (422, "invalid"));
    let expected = [
        ("/email", "bad_format"),
        ("/password", "wrong_type"),
        ("/remember", "unknown_member"),
    ];
    assert_eq!(answer.errors(), expected);
}

#[tokio::test]
async fn a_reused_refresh_token_ends_the_session() {
    let site = site().await;
    site.token(Role::Author).await;
    let credentials = json!({"email": "author@example.org", "password": PASSWORD});
    let login = site.post("/v1/auth/login", &credentials).await;
    let first = json!({"refresh_token": login.body["refresh_token"]});
    let refreshed = site.post("/v1/auth/refresh", &first).await;
    assert_eq!(refreshed.status, 200);
    let again = site.post("/v1/auth/refresh", &first).await;
    assert_eq!(again.refusal(), (401, "invalid_token"));
    let second = json!({"refresh_token": refreshed.body["refresh_token"]});
    let ended = site.post("/v1/auth/refresh", &second).await;
    assert_eq!(ended.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn a_logout_can_be_repeated() {
    let site = site().await;
    site.token(Role::Author).await;
    let credentials = json!({"email": "author@example.org", "password": PASSWORD});
    let login = site.post("/v1/auth/login", &credentials).await;
    let session = json!({"refresh_token": login.body["refresh_token"]});
    for _ in 0..2 {
        let answer = site.post("/v1/auth/logout", &session).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    let answer = site.post("/v1/auth/refresh", &session).await;
    assert_eq!(answer.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn a_changed_password_returns_a_new_session() {
    let (site, token) = site_as(Role::Author).await;
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        Call::post("/v1/me/password").signed(&token).json(&body)
    };
    let weak = change(PASSWORD, "password1234").to(&site).await;
    assert_eq!(weak.refusal(), (422, "invalid"));
    assert_eq!(weak.errors(), [("/new_password", "bad_format")]);
    let own = change(PASSWORD, "I am an AUTHOR here").to(&site).await;
    assert_eq!(own.errors(), [("/new_password", "bad_format")]);
    let new = "staple of the old horse";
    let wrong = change("wrong horse battery", new).to(&site).await;
    assert_eq!(wrong.refusal(), (401, "bad_credentials"));
    site.clock.forward_seconds(1);
    let changed = change(PASSWORD, new).to(&site).await;
    assert_eq!(
        (changed.status, changed.header("cache-control")),
        (200, "no-store")
    );
    let old = site.get_as(&token, "/v1/me").await;
    assert_eq!(old.refusal(), (401, "invalid_token"));
    let token = changed.body["access_token"].as_str().unwrap();
    assert_eq!(site.get_as(token, "/v1/me").await.status, 200);
}

#[tokio::test]
async fn a_password_is_reset_with_the_token_from_the_mail() {
    let (site, token) = site_as(Role::Author).await;
    for email in ["nobody@example.org", "author@example.org"] {
        let body = json!({ "email": email });
        let answer = site.post("/v1/auth/password-resets", &body).await;
        assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    }
    let [secret] = &site.mailbox.take()[..] else {
        panic!("one mail is sent");
    };
    site.clock.forward_seconds(1);
    let complete = async |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        site.post("/v1/auth/password-resets/complete", &body).await
    };
    let new = "staple of the old horse";
    for unknown in ["nonsense", "01912d68783e7a0384675661c1243ad4.c2VjcmV0"] {
        let answer = complete(unknown, new).await;
        assert_eq!(answer.refusal(), (401, "invalid_token"), "{unknown}");
    }
    let common = complete(secret, "password1234").await;
    assert_eq!(common.errors(), [("/password", "bad_format")]);
    assert_eq!(complete(secret, new).await.status, 204);
    assert_eq!(
        complete(secret, new).await.refusal(),
        (401, "invalid_token")
    );
    assert_eq!(
        site.get_as(&token, "/v1/me").await.refusal(),
        (401, "invalid_token")
    );
    let credentials = json!({"email": "author@example.org", "password": new});
    assert_eq!(site.post("/v1/auth/login", &credentials).await.status, 200);
}

#[tokio::test]
async fn guesses_are_answered_with_429_and_the_time_to_wait() {
    let site = site().await;
    site.token(Role::Author).await;
    let body = json!({"email": "author@example.org", "password": "wrong"});
    for _ in 0..5 {
        let answer = site.post("/v1/auth/login", &body).await;
        assert_eq!(answer.refusal(), (401, "bad_credentials"));
    }
    let slowed = site.post("/v1/auth/login", &body).await;
    assert_eq!(slowed.refusal(), (429, "too_many_attempts"));
    assert_eq!(slowed.header("retry-after"), "1");
    site.clock.forward_seconds(1);
    let right = json!({"email": "author@example.org", "password": PASSWORD});
    assert_eq!(site.post("/v1/auth/login", &right).await.status, 200);
}

#[tokio::test]
async fn the_callers_sessions_are_listed_and_ended() {
    let (site, token) = site_as(Role::Author).await;
    let credentials = json!({"email": "author@example.org", "password": PASSWORD});
    let login = Call::post("/v1/auth/login")
        .header("user-agent", "Test/1.0")
        .json(&credentials)
        .to(&site)
        .await;
    let other = login.body["access_token"].as_str().unwrap();
    let list = site.get_as(&token, "/v1/me/sessions").await;
    let items = list.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["current"], &items[0]["agent"]),
        (&json!(false), &json!("Test/1.0"))
    );
    assert_eq!(items[1]["current"], json!(true));
    let path = format!("/v1/me/sessions/{}", items[0]["id"].as_str().unwrap());
    let end = async || Call::delete(&path).signed(&token).to(&site).await;
    assert_eq!(end().await.status, 204);
    assert_eq!(end().await.refusal(), (404, "not_found"));
    assert_eq!(
        site.get_as(other, "/v1/me").await.refusal(),
        (401, "invalid_token")
    );
    assert_eq!(site.get_as(&token, "/v1/me").await.status, 200);
    let all = Call::delete("/v1/me/sessions")
        .signed(&token)
        .to(&site)
        .await;
    assert_eq!(all.status, 204);
    assert_eq!(
        site.get_as(&token, "/v1/me").await.refusal(),
        (401, "invalid_token")
    );
}

#[tokio::test]
async fn a_logout_ends_the_access_token_as_well() {
    let site = site().await;
    site.token(Role::Author).await;
    let credentials = json!({"email": "author@example.org", "password": PASSWORD});
    let login = site.post("/v1/auth/login", &credentials).await;
    let token = login.body["access_token"].as_str().unwrap();
    assert_eq!(site.get_as(token, "/v1/me").await.status, 200);
    let session = json!({"refresh_token": login.body["refresh_token"]});
    site.post("/v1/auth/logout", &session).await;
    assert_eq!(
        site.get_as(token, "/v1/me").await.refusal(),
        (401, "invalid_token")
    );
}

#[tokio::test]
async fn operations_with_secret_responses_reject_idempotency_keys() {
    let site = site().await;
    for path in ["login", "refresh", "logout"] {
        let call = Call::post(&format!("/v1/auth/{path}")).header("idempotency-key", "k");
        let answer = call.json(&json!({})).to(&site).await;
        assert_eq!(answer.refusal(), (400, "bad_header"));
        assert_eq!(answer.errors(), [("Idempotency-Key", "bad_format")]);
    }
}

#[tokio::test]
async fn absent_invalid_and_expired_tokens_return_401_with_a_challenge() {
    let (site, token) = site_as(Role::Author).await;
    let none = site.get("/v1/me").await;
    assert_eq!(none.refusal(), (401, "unauthenticated"));
    assert_eq!(none.header("www-authenticate"), "Bearer realm=\"tintero\"");
    let basic = Call::get("/v1/me")
        .header("authorization", "Basic YTpi")
        .to(&site)
        .await;
    assert_eq!(basic.refusal(), (401, "unauthenticated"));
    let bad = site.get_as("a.b.c", "/v1/me").await;
    assert_eq!(bad.refusal(), (401, "invalid_token"));
    assert!(
        bad.header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
    site.clock.forward_seconds(961);
    let old = site.get_as(&token, "/v1/me").await;
    assert_eq!(old.refusal(), (401, "invalid_token"));
    assert!(old.header("www-authenticate").contains("expired"));
}

#[tokio::test]
async fn only_public_keys_are_published() {
    let site = site().await;
    let answer = site.get("/.well-known/jwks.json").await;
    let key = &answer.body["keys"][0];
    assert_eq!(
        (&key["kty"], &key["alg"], &key["use"]),
        (&json!("RSA"), &json!("RS256"), &json!("sig"))
    );
    assert_eq!(key["kid"], "test");
    assert_eq!(key.as_object().unwrap().len(), 6);
    let issuer = site.get("/.well-known/openid-configuration").await;
    let expected = json!({
        "issuer": "https://api.example.org",
        "jwks_uri": "https://api.example.org/.well-known/jwks.json",
        "response_types_supported": [],
    });
    assert_eq!(issuer.body, expected);
    let server = site.get("/.well-known/oauth-authorization-server").await;
    let expected = json!({
        "issuer": "https://api.example.org",
        "jwks_uri": "https://api.example.org/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": [],
        "service_documentation": "https://api.example.org/docs",
    });
    assert_eq!(server.body, expected);
    assert_eq!(site.get("/docs").await.status, 200);
}
