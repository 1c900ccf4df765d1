//! Which sign-ins end in a session, and where the browser goes.

use tintero_domain::{access::Role, accounts::IdentityRule, values::UserStatus};

use super::{begin, page, problem, signed, site, site_with};
use crate::{
    call::Call,
    issuers::policy,
    second_factor::{complete, enrol},
};

#[tokio::test]
async fn a_browser_gets_an_ordinary_session() {
    let site = site().await;
    let begun = begin(&site).await;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "blog"),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
        (
            "redirect_uri",
            "https://api.example.org/v1/auth/issuers/staff/callback",
        ),
    ] {
        assert_eq!(begun.query[name], value);
    }
    let answer = begun.end(&site, &signed(&begun.claims())).await;
    let page = page(&answer);
    assert_eq!(
        (page["signed_in"].as_str(), page["return_to"].as_str()),
        ("1", "/posts")
    );
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let [session, login] = cookies[..] else {
        panic!("{cookies:?}");
    };
    assert!(login.to_str().unwrap().contains("Max-Age=0"));
    let session = session.to_str().unwrap().split(';').next().unwrap();
    let me = Call::get("/v1/me")
        .header("cookie", session)
        .to(&site)
        .await;
    assert_eq!(me.body["email"], "author@example.org");
    let listed = Call::get("/v1/me/sessions").header("cookie", session);
    assert_eq!(listed.to(&site).await.body["items"][0]["current"], true);
}

#[tokio::test]
async fn the_cookie_of_a_sign_in_is_for_this_host_and_ten_minutes() {
    let site = site().await;
    let answer = site.get("/v1/auth/issuers/staff/login").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tintero_login="), "{cookie}");
    let attributes = "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure";
    assert!(cookie.ends_with(attributes), "{cookie}");
    let begun = begin(&site).await;
    site.clock.forward_seconds(601);
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "expired");
}

#[tokio::test]
async fn the_page_to_return_to_is_one_of_the_dashboard() {
    let site = site().await;
    for path in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "/a%23b",
        "posts",
        "/a%0Ab",
    ] {
        let begin = format!("/v1/auth/issuers/staff/login?return_to={path}");
        assert_eq!(site.get(&begin).await.refusal().0, 400, "{path}");
    }
}

#[tokio::test]
async fn only_admitted_and_active_users_sign_in() {
    let linked = site_with(vec![policy(IdentityRule::Linked)]).await;
    let begun = begin(&linked).await;
    let ended = begun.end(&linked, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "not_admitted");

    let site = site().await;
    let administrator = site.token(Role::Administrator).await;
    let users = site.get_as(&administrator, "/v1/users").await;
    let users = users.body["items"].as_array().unwrap();
    let author = users
        .iter()
        .find(|user| user["email"] == "author@example.org")
        .unwrap();
    let path = format!("/v1/users/{}", author["id"].as_str().unwrap());
    let tag = site.get_as(&administrator, &path).await.etag().to_owned();
    let disable = Call::post(&format!("{path}/disable")).based_on(&tag);
    let disabled = disable.signed(&administrator).to(&site).await;
    assert_eq!(disabled.body["status"], UserStatus::Disabled.as_str());
    let begun = begin(&site).await;
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&ended), "disabled");
}

#[tokio::test]
async fn a_user_with_a_second_factor_enters_its_code_afterwards() {
    let site = site_with(vec![policy(IdentityRule::VerifiedEmail)]).await;
    let author = site.token(Role::Author).await;
    let (_, codes) = enrol(&site, &author).await;
    let begun = begin(&site).await;
    let ended = begun.end(&site, &signed(&begun.claims())).await;
    let page = page(&ended);
    assert!(!page.contains_key("signed_in") && page["return_to"] == "/posts");
    assert_eq!(ended.headers.get_all("set-cookie").iter().count(), 1);
    assert_eq!(
        complete(&site, &page["challenge"], &codes[0]).await.status,
        200
    );
}
