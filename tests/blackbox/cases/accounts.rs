//! Passwords, sessions and guesses.

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ADMINISTRATOR, Answer, Call, Client, Server, Setup, cases};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_password_is_changed_and_reset_with_the_token_from_the_mail,
        sessions_are_listed_and_ended,
        a_browser_signs_in_with_a_cookie,
        guesses_are_slowed_down_by_the_address_that_the_proxy_reports,
        weak_passwords_are_refused,
    ]
}

const NEW: &str = "staple of the old horse";

async fn login(client: &Client, password: &str) -> Answer {
    let (email, _) = ADMINISTRATOR;
    let credentials = json!({ "email": email, "password": password });
    client
        .post("/v1/auth/login")
        .json(&credentials)
        .send()
        .await
}

fn holder(server: &Server, tokens: &Value) -> Client {
    server.holder_of(tokens["access_token"].as_str().unwrap())
}

/// Requests a token and reads it from the log.
pub(super) async fn reset_token(server: &Server) -> (Answer, String) {
    let (email, _) = ADMINISTRATOR;
    let requested = server
        .anonymous()
        .post("/v1/auth/password-resets")
        .json(&json!({ "email": email }))
        .send()
        .await
        .is(202);
    let mail = server.log().wait_for(|line| line["target"] == "mail");
    let mail = mail.unwrap();
    let text = mail["text"].as_str().unwrap();
    let (_, token) = text.split_once("token=").unwrap();
    (
        requested,
        token.split_whitespace().next().unwrap().to_owned(),
    )
}

async fn a_password_is_changed_and_reset_with_the_token_from_the_mail() {
    let server = Setup::memory().with("TINTERO_MAIL", "log").start();
    let (_, password) = ADMINISTRATOR;
    let (anonymous, before) = (server.anonymous(), server.administrator().await);
    let change = json!({ "current_password": password, "new_password": NEW });
    let changed = before.post("/v1/me/password").json(&change).send().await;
    let changed = changed.is(200).json();
    before
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    let after = holder(&server, &changed);
    after.get("/v1/me").send().await.is(200);
    login(&anonymous, password)
        .await
        .refused(401, "bad_credentials");
    login(&anonymous, NEW).await.is(200);

    let (_, token) = reset_token(&server).await;
    let complete = json!({ "token": token, "password": password });
    let complete = || {
        anonymous
            .post("/v1/auth/password-resets/complete")
            .json(&complete)
            .send()
    };
    complete().await.is(204);
    complete().await.refused(401, "invalid_token");
    after
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    login(&anonymous, password).await.is(200);
}

async fn sessions_are_listed_and_ended() {
    let server = Setup::memory().start();
    let (_, password) = ADMINISTRATOR;
    let anonymous = server.anonymous();
    let (kept, ended) = (
        login(&anonymous, password).await.is(200).json(),
        login(&anonymous, password).await.is(200).json(),
    );
    let (kept, ended) = (holder(&server, &kept), holder(&server, &ended));
    let list = async || kept.get("/v1/me/sessions").send().await.is(200).json();
    let items = list().await["items"].as_array().unwrap().clone();
    let other = items.iter().find(|item| item["current"] == false).unwrap();
    assert_eq!(other["address"], "127.0.0.1");
    let path = format!("/v1/me/sessions/{}", other["id"].as_str().unwrap());
    kept.call(Method::DELETE, &path).send().await.is(204);
    kept.call(Method::DELETE, &path)
        .send()
        .await
        .refused(404, "not_found");
    ended
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    assert_eq!(list().await["items"].as_array().unwrap().len(), 1);
    kept.call(Method::DELETE, "/v1/me/sessions")
        .send()
        .await
        .is(204);
    kept.get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
}

async fn a_browser_signs_in_with_a_cookie() {
    let server = Setup::memory().start();
    let browser = server.anonymous();
    let (email, password) = ADMINISTRATOR;
    let credentials = json!({ "email": email, "password": password, "session": "cookie" });
    let call = |method: Method, path: &str, site: &str| {
        let call = browser.call(method, path).header("Sec-Fetch-Site", site);
        call.header("X-Requested-With", "test")
    };
    let login = |site| call(Method::POST, "/v1/auth/login", site).json(&credentials);
    let refused = login("cross-site").send().await;
    refused.refused(403, "cross_site_request");
    let answer = login("same-origin").send().await.is(204);
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let with = |call: Call| call.header("Cookie", &cookie);
    let get_me = || with(call(Method::GET, "/v1/me", "same-origin")).send();
    assert_eq!(get_me().await.is(200).json()["email"], email);
    let byline = json!({ "name": "Ana", "slug": "a-browser" });
    let create = |site| {
        with(call(Method::POST, "/v1/bylines", site))
            .json(&byline)
            .send()
    };
    create("same-site").await.refused(403, "cross_site_request");
    create("same-origin").await.is(201);
    let logout = with(call(Method::POST, "/v1/auth/logout", "same-origin"));
    let answer = logout.send().await.is(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    get_me().await.refused(401, "invalid_token");
}

async fn guesses_are_slowed_down_by_the_address_that_the_proxy_reports() {
    let server = Setup::memory()
        .with("TINTERO_TRUSTED_PROXIES", "127.0.0.1")
        .start();
    let (email, password) = ADMINISTRATOR;
    let attempt = async |from: &str, password: &str| {
        let credentials = json!({ "email": email, "password": password });
        let anonymous = server.anonymous();
        let call = anonymous.post("/v1/auth/login").json(&credentials);
        call.header("X-Forwarded-For", from).send().await
    };
    // Five attempts are free. A wait of a second may end before the next call.
    let mut slowed = None;
    for _ in 0..60 {
        let answer = attempt("2001:db8::7", "wrong").await;
        if answer.status == 429 && answer.header("retry-after").parse::<u32>().unwrap() > 1 {
            slowed = Some(answer);
            break;
        }
    }
    slowed.unwrap().refused(429, "too_many_attempts");
    attempt("2001:db8::8", password)
        .await
        .refused(429, "too_many_attempts");
    attempt("2001:db8:0:1::8", password).await.is(200);
}

async fn weak_passwords_are_refused() {
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let (_, password) = ADMINISTRATOR;
    for weak in [
        "short",
        "password1234",
        "ababababababab",
        &"long pass ".repeat(103),
    ] {
        let change = json!({ "current_password": password, "new_password": weak });
        let answer = author.post("/v1/me/password").json(&change).send().await;
        answer.refused(422, "invalid");
    }
}
