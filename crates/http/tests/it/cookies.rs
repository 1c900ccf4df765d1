//! Sessions of browsers.

use http::Method;
use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{PASSWORD, Site, site, site_as, site_with},
};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// A request that a page of the server sends.
fn page(method: Method, path: &str) -> Call {
    Call::new(method, path)
        .header("sec-fetch-site", "same-origin")
        .header("x-requested-with", "test")
}

fn credentials(password: &str) -> Value {
    json!({"email": "author@example.org", "password": password, "session": "cookie"})
}

/// The name and the value of the cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    let field = answer.header("set-cookie");
    field.split(';').next().unwrap_or_default().to_owned()
}

async fn sign_in(site: &Site) -> String {
    let call = page(Method::POST, "/v1/auth/login").json(&credentials(PASSWORD));
    let answer = call.to(site).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    cookie(&answer)
}

async fn get_me(site: &Site, cookie: &str) -> Answer {
    let call = page(Method::GET, "/v1/me").header("cookie", cookie);
    call.to(site).await
}

#[tokio::test]
async fn a_sign_in_sets_one_cookie_that_scripts_cannot_read() {
    let (site, _) = site_as(Role::Author).await;
    let call = page(Method::POST, "/v1/auth/login").json(&credentials(PASSWORD));
    let answer = call.to(&site).await;
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    let (name, rest) = answer.header("set-cookie").split_once('=').unwrap();
    assert_eq!(name, "__Host-tintero_session");
    let attributes = rest.split_once("; ").unwrap().1;
    assert_eq!(
        attributes,
        "Path=/; Max-Age=7776000; HttpOnly; SameSite=Strict; Secure"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let me = get_me(&site, &cookie(&answer)).await;
    assert_eq!((me.status, &me.body["role"]), (200, &json!("author")));
    assert_eq!(me.header("set-cookie"), "");
}

#[tokio::test]
async fn over_http_the_cookie_has_no_prefix_and_works() {
    let site = site_with(|config| config.public_url = "http://localhost:8080".to_owned()).await;
    site.token(Role::Author).await;
    let cookie = sign_in(&site).await;
    assert!(cookie.starts_with("tintero_session="), "{cookie}");
    assert_eq!(get_me(&site, &cookie).await.status, 200);
}

#[tokio::test]
async fn only_a_page_of_the_server_can_ask_for_a_cookie() {
    let (site, _) = site_as(Role::Author).await;
    let login = || Call::post("/v1/auth/login").json(&credentials(PASSWORD));
    let own = ("origin", "https://api.example.org");
    for call in [
        login(),
        login().header(own.0, own.1),
        login().header("x-requested-with", "test"),
        login()
            .header("x-requested-with", "test")
            .header("origin", "https://evil.example"),
        login()
            .header("x-requested-with", "test")
            .header("sec-fetch-site", "same-site")
            .header(own.0, own.1),
    ] {
        let answer = call.to(&site).await;
        assert_eq!(answer.refusal(), (403, "cross_site_request"));
        assert_eq!(answer.header("set-cookie"), "");
    }
    let call = login()
        .header("x-requested-with", "test")
        .header(own.0, own.1);
    assert_eq!(call.to(&site).await.status, 204);
}

#[tokio::test]
async fn a_write_with_the_cookie_must_come_from_a_page_of_the_server() {
    let (site, _) = site_as(Role::Author).await;
    let cookie = sign_in(&site).await;
    let post = json!({"title": "Ink", "body": "Text."});
    let write = |call: Call| call.header("cookie", &cookie).json(&post);
    let created = write(page(Method::POST, "/v1/posts")).to(&site).await;
    assert_eq!(created.status, 201);
    for call in [
        Call::post("/v1/posts"),
        Call::post("/v1/posts").header("sec-fetch-site", "same-origin"),
        Call::post("/v1/posts")
            .header("sec-fetch-site", "cross-site")
            .header("x-requested-with", "test"),
        Call::post("/v1/posts")
            .header("sec-fetch-site", "none")
            .header("x-requested-with", "test"),
    ] {
        let refused = write(call).to(&site).await;
        assert_eq!(refused.refusal(), (403, "cross_site_request"));
    }
    let logout = Call::post("/v1/auth/logout")
        .header("cookie", &cookie)
        .to(&site)
        .await;
    assert_eq!(logout.refusal(), (403, "cross_site_request"));
    assert_eq!(get_me(&site, &cookie).await.status, 200);
}

#[tokio::test]
async fn a_read_from_another_site_is_anonymous() {
    let (site, _) = site_as(Role::Author).await;
    let cookie = sign_in(&site).await;
    for from in ["same-site", "cross-site"] {
        let read = |path| {
            Call::get(path)
                .header("cookie", &cookie)
                .header("sec-fetch-site", from)
        };
        let me = read("/v1/me").to(&site).await;
        assert_eq!(me.refusal(), (401, "unauthenticated"));
        assert_eq!(me.header("set-cookie"), "");
        assert_eq!(read("/v1/posts").to(&site).await.status, 200);
    }
}

#[tokio::test]
async fn an_authorization_header_takes_precedence_over_the_cookie() {
    let (site, _) = site_as(Role::Author).await;
    let editor = site.token(Role::Editor).await;
    let cookie = sign_in(&site).await;
    let both = Call::get("/v1/me")
        .header("cookie", &cookie)
        .signed(&editor);
    assert_eq!(both.to(&site).await.body["role"], "editor");
    let post = json!({"title": "Ink", "body": "Text."});
    let cross = Call::post("/v1/posts")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        cross.signed(&editor).json(&post).to(&site).await.status,
        201
    );
    let bad = Call::get("/v1/me")
        .header("cookie", &cookie)
        .signed("a.b.c")
        .to(&site)
        .await;
    assert_eq!(bad.refusal(), (401, "invalid_token"));
    assert_eq!(bad.header("set-cookie"), "");
}

#[tokio::test]
async fn a_logout_ends_the_session_and_deletes_the_cookie() {
    let (site, _) = site_as(Role::Author).await;
    let cookie = sign_in(&site).await;
    for _ in 0..2 {
        let call = page(Method::POST, "/v1/auth/logout").header("cookie", &cookie);
        let answer = call.to(&site).await;
        assert_eq!(answer.status, 204);
        assert!(
            answer
                .header("set-cookie")
                .starts_with("__Host-tintero_session=; Path=/; Max-Age=0;")
        );
    }
    let ended = get_me(&site, &cookie).await;
    assert_eq!(ended.refusal(), (401, "invalid_token"));
    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    let neither = page(Method::POST, "/v1/auth/logout").to(&site).await;
    assert_eq!(neither.errors(), [("/refresh_token", "required")]);
}

#[tokio::test]
async fn a_cookie_is_no_refresh_token_and_a_refresh_token_is_no_cookie() {
    let (site, _) = site_as(Role::Author).await;
    let own = sign_in(&site).await;
    let (name, secret) = own.split_once('=').unwrap();
    let refresh = json!({ "refresh_token": secret });
    let refused = site.post("/v1/auth/refresh", &refresh).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    let as_token = site.get_as(secret, "/v1/me").await;
    assert_eq!(as_token.refusal(), (401, "invalid_token"));
    assert_eq!(get_me(&site, &own).await.status, 200);
    let body = json!({"email": "author@example.org", "password": PASSWORD});
    let tokens = site.post("/v1/auth/login", &body).await.body;
    for member in ["access_token", "refresh_token"] {
        let forged = format!("{name}={}", tokens[member].as_str().unwrap());
        assert_eq!(
            get_me(&site, &forged).await.refusal(),
            (401, "invalid_token")
        );
    }
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    assert_eq!(site.post("/v1/auth/refresh", &refresh).await.status, 200);
}

#[tokio::test]
async fn forged_cookies_are_rejected_and_end_no_session() {
    let (site, _) = site_as(Role::Author).await;
    let own = sign_in(&site).await;
    let (start, _) = own.split_once('.').unwrap();
    let forged = format!("{start}.{}", "A".repeat(43));
    for bad in [
        forged.as_str(),
        "__Host-tintero_session=",
        "__Host-tintero_session=nonsense",
    ] {
        assert_eq!(
            get_me(&site, bad).await.refusal(),
            (401, "invalid_token"),
            "{bad}"
        );
    }
    assert_eq!(get_me(&site, &own).await.status, 200);
}

#[tokio::test]
async fn a_changed_password_ends_all_sessions_and_sets_a_new_cookie() {
    let (site, token) = site_as(Role::Author).await;
    let (first, second) = (sign_in(&site).await, sign_in(&site).await);
    site.clock.forward_seconds(1);
    let change = json!({"current_password": PASSWORD, "new_password": "staple of the old horse"});
    let call = page(Method::POST, "/v1/me/password").header("cookie", &first);
    let changed = call.json(&change).to(&site).await;
    assert_eq!(changed.status, 204);
    for ended in [&first, &second] {
        assert_eq!(get_me(&site, ended).await.refusal(), (401, "invalid_token"));
    }
    assert_eq!(site.get_as(&token, "/v1/me").await.status, 401);
    assert_eq!(get_me(&site, &cookie(&changed)).await.status, 200);
}

#[tokio::test]
async fn a_used_session_lives_on_and_an_unused_one_ends() {
    let (site, _) = site_as(Role::Author).await;
    let (used, unused) = (sign_in(&site).await, sign_in(&site).await);
    for _ in 0..4 {
        site.clock.forward_seconds(20 * DAY);
        assert_eq!(get_me(&site, &used).await.status, 200);
    }
    assert_eq!(
        get_me(&site, &unused).await.refusal(),
        (401, "invalid_token")
    );
    // 90 days after the sign-in.
    site.clock.forward_seconds(10 * DAY - MINUTE);
    assert_eq!(get_me(&site, &used).await.status, 200);
    site.clock.forward_seconds(MINUTE);
    assert_eq!(get_me(&site, &used).await.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn the_use_of_a_cookie_is_recorded_every_five_minutes() {
    let (site, token) = site_as(Role::Author).await;
    let own = sign_in(&site).await;
    let used_at = async || {
        let list = site.get_as(&token, "/v1/me/sessions").await;
        let items = list.body["items"].as_array().unwrap().clone();
        items[0]["used_at"].as_str().unwrap().to_owned()
    };
    let first = used_at().await;
    site.clock.forward_seconds(5 * MINUTE - 1);
    get_me(&site, &own).await;
    assert_eq!(used_at().await, first);
    site.clock.forward_seconds(1);
    get_me(&site, &own).await;
    assert_eq!(used_at().await, "2026-01-01T00:05:00.000Z");
}

#[tokio::test]
async fn a_stored_anonymous_answer_is_not_given_to_a_browser_that_signed_in() {
    let site = site().await;
    site.token(Role::Editor).await;
    let body = json!({"email": "editor@example.org", "password": PASSWORD, "session": "cookie"});
    let cookie = cookie(
        &page(Method::POST, "/v1/auth/login")
            .json(&body)
            .to(&site)
            .await,
    );
    let list = "/v1/posts?limit=2";
    assert!(
        site.get(list)
            .await
            .header("cache-control")
            .starts_with("public")
    );
    let own = Call::get(list).header("cookie", &cookie).to(&site).await;
    assert_eq!(own.header("cache-control"), "private, no-cache");
    assert!(
        site.get(list)
            .await
            .header("cache-control")
            .starts_with("public")
    );
}
