//! Sessions that began at an issuer: their proofs, and the sessions that they replace.

use std::collections::BTreeMap;

use serde_json::json;
use tintero_domain::{access::Role, accounts::IdentityRule};

use super::{
    begin, begin_with, machine_with_issuer, me, page, problem, session_of, signed, site, site_with,
};
use crate::{
    call::Call,
    issuers::{policy, with_groups},
    second_factor::{complete, enrol},
    site::{DAWN, Machine, PASSWORD, Site, site_on},
};

const HOUR: i64 = 60 * 60;

/// A site whose authors need a second factor.
async fn strict_site(machine: Machine) -> Site {
    let machine = Machine {
        two_factor_roles: vec![Role::Author],
        ..machine
    };
    let site = site_on(machine, |_| {}).await;
    site.token(Role::Author).await;
    site
}

#[tokio::test]
async fn the_role_of_the_token_counts_for_the_session_which_then_ends_after_twelve_hours() {
    let site = site_with(vec![with_groups(IdentityRule::VerifiedEmail)]).await;
    site.token(Role::Author).await;
    let begun = begin(&site).await;
    let without = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&without), "no_role");
    let begun = begin(&site).await;
    let ended = begun
        .end(&site, &begun.with("groups", json!(["chiefs"])))
        .await;
    let session = session_of(&ended);
    let chief = me(&site, &session).await;
    assert_eq!(chief.body["role"], "administrator");
    let users = Call::get("/v1/users").header("cookie", &session);
    assert_eq!(users.to(&site).await.status, 200);
    site.clock.forward_seconds(12 * HOUR - 1);
    assert_eq!(me(&site, &session).await.status, 200);
    site.clock.forward_seconds(2);
    assert_eq!(me(&site, &session).await.status, 401);
}

#[tokio::test]
async fn the_role_of_the_token_counts_after_a_code_too() {
    let site = site_with(vec![with_groups(IdentityRule::VerifiedEmail)]).await;
    let author = site.token(Role::Author).await;
    let (_, codes) = enrol(&site, &author).await;
    let begun = begin(&site).await;
    let ended = begun
        .end(&site, &begun.with("groups", json!(["chiefs"])))
        .await;
    let opened = complete(&site, &page(&ended)["challenge"], &codes[0]).await;
    let token = opened.body["access_token"].as_str().unwrap();
    assert_eq!(
        site.get_as(token, "/v1/me").await.body["role"],
        "administrator"
    );
}

#[tokio::test]
async fn a_claim_of_two_factors_meets_a_role_that_requires_them() {
    let site = strict_site(machine_with_issuer()).await;
    let begun = begin(&site).await;
    let once = session_of(&begun.end(&site, &signed(&begun.claims())).await);
    assert_eq!(me(&site, &once).await.body["second_factor"], "due");
    let begun = begin(&site).await;
    let mut claims = begun.claims();
    claims["amr"] = json!(["pwd", "mfa"]);
    claims["auth_time"] = json!(DAWN / 1000 - 60);
    let twice = session_of(&begun.end(&site, &signed(&claims)).await);
    let user = me(&site, &twice).await;
    assert_eq!(user.body["second_factor"], "none");
    assert!(!user.body["permissions"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_claim_of_two_factors_replaces_the_code_of_the_user() {
    let site = site_on(machine_with_issuer(), |_| {}).await;
    let author = site.token(Role::Author).await;
    enrol(&site, &author).await;
    let begun = begin(&site).await;
    let mut claims = begun.claims();
    claims["amr"] = json!("mfa");
    claims["auth_time"] = json!(DAWN / 1000);
    let session = session_of(&begun.end(&site, &signed(&claims)).await);
    assert_eq!(me(&site, &session).await.status, 200);
}

#[tokio::test]
async fn a_fresh_sign_in_is_requested_and_checked() {
    let site = site().await;
    let fresh = || Call::get("/v1/auth/issuers/staff/login?fresh=true");
    let begun = begin_with(&site, fresh()).await;
    assert_eq!(begun.query["max_age"], "60");
    let silent = begun.end(&site, &signed(&begun.claims())).await;
    assert_eq!(problem(&silent), "refused");
    let now = DAWN / 1000;
    for (auth_time, problem) in [(now - 901, Some("refused")), (now - 30, None)] {
        let begun = begin_with(&site, fresh()).await;
        let ended = begun
            .end(&site, &begun.with("auth_time", json!(auth_time)))
            .await;
        assert_eq!(page(&ended).get("problem").map(String::as_str), problem);
    }
    assert!(!begin(&site).await.query.contains_key("max_age"));
}

#[tokio::test]
async fn a_new_session_ends_the_one_that_it_replaces() {
    let site = site().await;
    let begun = begin(&site).await;
    let old = session_of(&begun.end(&site, &signed(&begun.claims())).await);
    let again = Call::get("/v1/auth/issuers/staff/login").header("cookie", &old);
    let begun = begin_with(&site, again).await;
    assert_eq!(me(&site, &old).await.status, 200);
    let new = session_of(&begun.end(&site, &signed(&begun.claims())).await);
    assert_eq!(me(&site, &old).await.status, 401);
    assert_eq!(me(&site, &new).await.status, 200);
}

#[tokio::test]
async fn an_address_that_the_id_token_lacks_comes_from_the_user_info_of_the_same_person() {
    let site = site().await;
    for (access_token, expected) in [("", "not_admitted"), ("8a", "not_admitted")] {
        let begun = begin(&site).await;
        let id_token = begun.with("email", json!(null));
        let ended = begun
            .end(&site, &format!("{id_token}~{access_token}"))
            .await;
        assert_eq!(problem(&ended), expected);
    }
    let begun = begin(&site).await;
    let id_token = begun.with("email", json!(null));
    let session = session_of(&begun.end(&site, &format!("{id_token}~7f")).await);
    assert_eq!(
        me(&site, &session).await.body["email"],
        "author@example.org"
    );
    // From now on, the link decides.
    let begun = begin(&site).await;
    session_of(&begun.end(&site, &begun.with("email", json!(null))).await);
}

#[tokio::test]
async fn a_failed_sign_in_keeps_the_page_to_return_to() {
    let site = site().await;
    let begun = begin(&site).await;
    let cancelled = begun.answer(&site, "staff", "error=access_denied").await;
    let expected = [("problem", "cancelled"), ("return_to", "/posts")];
    let expected: BTreeMap<_, _> = expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    assert_eq!(page(&cancelled), expected);
    let unknown = site
        .get("/v1/auth/issuers/nobody/login?return_to=/tags")
        .await;
    assert_eq!(page(&unknown)["return_to"], "/tags");
}

#[tokio::test]
async fn a_created_user_of_a_strict_role_sets_a_password_by_mail_and_then_enrols() {
    let machine = Machine {
        issuers: vec![policy(IdentityRule::Create(Role::Author))],
        ..machine_with_issuer()
    };
    let site = strict_site(machine).await;
    let begun = begin(&site).await;
    let claims = begun.with("email", json!("bob@example.org"));
    let session = session_of(&begun.end(&site, &claims).await);
    assert_eq!(me(&site, &session).await.body["second_factor"], "due");
    site.mailbox.take();
    let email = json!({ "email": "bob@example.org" });
    site.post("/v1/auth/password-resets", &email).await;
    let tokens = site.mailbox.take();
    let [token] = &tokens[..] else {
        panic!("{tokens:?}");
    };
    let reset = json!({ "token": token, "password": PASSWORD });
    let reset = site.post("/v1/auth/password-resets/complete", &reset).await;
    assert_eq!(reset.status, 204, "{}", reset.text);
    site.clock.forward_seconds(1);
    let credentials = json!({ "email": "bob@example.org", "password": PASSWORD });
    let opened = site.post("/v1/auth/login", &credentials).await;
    enrol(&site, opened.body["access_token"].as_str().unwrap()).await;
}
