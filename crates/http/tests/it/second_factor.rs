//! Sign-in with a second factor.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::{access::Role, clock::Clock as _};
use totp_rs::{Builder, Secret};

use crate::{
    call::{Answer, Call},
    site::{Machine, PASSWORD, Site, site, site_as, site_on},
};

const MINUTE: i64 = 60;

/// An authenticator with the secret of one account.
pub(crate) struct Authenticator(totp_rs::Totp);

impl Authenticator {
    fn code(&self, site: &Site) -> String {
        self.code_in(site, 0)
    }

    /// The code in some seconds.
    fn code_in(&self, site: &Site, seconds: i64) -> String {
        let at = site.clock.now().as_seconds() + seconds;
        self.0.generate(u64::try_from(at).unwrap()).to_string()
    }
}

async fn begin(site: &Site, token: &str) -> Authenticator {
    let password = json!({ "current_password": PASSWORD });
    let begun = site.post_as(token, "/v1/me/second-factor", &password).await;
    assert_eq!(begun.status, 200);
    let secret = Secret::try_from_base32(begun.body["secret"].as_str().unwrap()).unwrap();
    assert_eq!(secret.as_bytes().len(), 20);
    Authenticator(Builder::new().with_secret(secret).build().unwrap())
}

/// Enrols a factor and returns the recovery codes.
pub(crate) async fn enrol(site: &Site, token: &str) -> (Authenticator, Vec<String>) {
    let authenticator = begin(site, token).await;
    let code = json!({ "code": authenticator.code(site) });
    let path = "/v1/me/second-factor/confirm";
    let confirmed = site.post_as(token, path, &code).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    let codes = confirmed.body["recovery_codes"].as_array().unwrap().iter();
    let codes: Vec<_> = codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    // The code of the confirmation is used.
    site.clock.forward_seconds(MINUTE);
    (authenticator, codes)
}

fn credentials() -> Value {
    json!({ "email": "administrator@example.org", "password": PASSWORD })
}

async fn challenge(site: &Site) -> String {
    let answer = site.post("/v1/auth/login", &credentials()).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (202, "no-store")
    );
    answer.body["challenge"].as_str().unwrap().to_owned()
}

pub(crate) async fn complete(site: &Site, challenge: &str, code: &str) -> Answer {
    let body = json!({ "challenge": challenge, "code": code });
    site.post("/v1/auth/login/code", &body).await
}

/// Signs in with both factors and returns an access token.
async fn sign_in(site: &Site, code: &str) -> String {
    let opened = complete(site, &challenge(site).await, code).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    opened.body["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_sign_in_needs_the_password_and_a_code() {
    let (site, token) = site_as(Role::Administrator).await;
    let status = site.get_as(&token, "/v1/me/second-factor").await;
    assert_eq!(status.body["enrolled"], false);
    let (authenticator, _) = enrol(&site, &token).await;
    let me = site.get_as(&token, "/v1/me").await;
    assert_eq!(me.body["second_factor"], "enrolled");

    let first = challenge(&site).await;
    let wrong = complete(&site, &first, "000000").await;
    assert_eq!(wrong.refusal(), (401, "bad_code"));
    let token = sign_in(&site, &authenticator.code(&site)).await;
    let status = site.get_as(&token, "/v1/me/second-factor").await;
    assert_eq!(status.body["recovery_codes_left"], 10);
    // A token of the first step is no credential, and the reverse.
    let call = Call::get("/v1/me").signed(&first).to(&site).await;
    assert_eq!(call.refusal(), (401, "invalid_token"));
    let body = json!({ "refresh_token": first });
    let refreshed = site.post("/v1/auth/refresh", &body).await;
    assert_eq!(refreshed.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn a_code_and_a_challenge_are_accepted_once() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, _) = enrol(&site, &token).await;
    let (first, second) = (challenge(&site).await, challenge(&site).await);
    let code = authenticator.code(&site);
    assert_eq!(complete(&site, &first, &code).await.status, 200);
    let again = complete(&site, &second, &code).await;
    assert_eq!(again.refusal(), (401, "bad_code"));
    site.clock.forward_seconds(MINUTE);
    let code = authenticator.code(&site);
    let used = complete(&site, &first, &code).await;
    assert_eq!(used.refusal(), (401, "invalid_token"));
    assert_eq!(complete(&site, &second, &code).await.status, 200);
    // The clock of the authenticator may be ahead. Then the code of an earlier step is not accepted.
    site.clock.forward_seconds(MINUTE);
    let ahead = authenticator.code_in(&site, 30);
    sign_in(&site, &ahead).await;
    let earlier = complete(&site, &challenge(&site).await, &authenticator.code(&site)).await;
    assert_eq!(earlier.refusal(), (401, "bad_code"));
}

#[tokio::test]
async fn concurrent_uses_of_one_code_open_one_session() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, codes) = enrol(&site, &token).await;
    for code in [authenticator.code(&site), codes[0].clone()] {
        let (first, second) = (challenge(&site).await, challenge(&site).await);
        let both = tokio::join!(
            complete(&site, &first, &code),
            complete(&site, &second, &code)
        );
        let mut statuses = [both.0.status, both.1.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }
}

#[tokio::test]
async fn a_recovery_code_is_accepted_once_and_renewal_replaces_all() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, codes) = enrol(&site, &token).await;
    let token = sign_in(&site, &codes[3].to_uppercase()).await;
    let status = site.get_as(&token, "/v1/me/second-factor").await;
    assert_eq!(status.body["recovery_codes_left"], 9);
    let again = complete(&site, &challenge(&site).await, &codes[3]).await;
    assert_eq!(again.refusal(), (401, "bad_code"));
    let path = "/v1/me/second-factor/recovery-codes";
    let renewed = Call::post(path).signed(&token).to(&site).await;
    assert_eq!(renewed.status, 200);
    let old = complete(&site, &challenge(&site).await, &codes[4]).await;
    assert_eq!(old.refusal(), (401, "bad_code"));
    let new = renewed.body["recovery_codes"][0].as_str().unwrap();
    sign_in(&site, new).await;
    sign_in(&site, &authenticator.code(&site)).await;
}

#[tokio::test]
async fn wrong_codes_are_slowed_down_although_the_password_is_right() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, _) = enrol(&site, &token).await;
    for _ in 0..5 {
        let wrong = complete(&site, &challenge(&site).await, "000000").await;
        assert_eq!(wrong.refusal(), (401, "bad_code"));
    }
    let code = authenticator.code(&site);
    let slowed = complete(&site, &challenge(&site).await, &code).await;
    assert_eq!(slowed.refusal(), (429, "too_many_attempts"));
    assert_eq!(slowed.header("retry-after"), "1");
    site.clock.forward_seconds(1);
    sign_in(&site, &code).await;
}

#[tokio::test]
async fn a_challenge_expires_and_a_new_password_ends_it() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, _) = enrol(&site, &token).await;
    let expired = challenge(&site).await;
    site.clock.forward_seconds(5 * MINUTE);
    let code = authenticator.code(&site);
    let refused = complete(&site, &expired, &code).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    let token = sign_in(&site, &code).await;
    let pending = challenge(&site).await;
    let change = json!({ "current_password": PASSWORD, "new_password": "staple of the old horse" });
    let changed = site.post_as(&token, "/v1/me/password", &change).await;
    assert_eq!(changed.status, 200);
    site.clock.forward_seconds(MINUTE);
    let refused = complete(&site, &pending, &authenticator.code(&site)).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
}

#[tokio::test]
async fn changes_of_access_need_a_recent_sign_in_with_both_factors() {
    let (site, old) = site_as(Role::Administrator).await;
    site.token(Role::Author).await;
    let (authenticator, _) = enrol(&site, &old).await;
    let key = json!({ "name": "robot", "scopes": ["posts:read"] });
    let invitation = json!({ "email": "bob@example.org", "role": "author" });
    let changes = [
        Call::post("/v1/api-keys").json(&key),
        Call::post("/v1/users").json(&invitation),
        Call::post("/v1/me/second-factor/recovery-codes"),
        Call::delete("/v1/me/second-factor"),
    ];
    // The session began before the enrolment.
    for change in changes.clone() {
        let refused = change.signed(&old).to(&site).await;
        assert_eq!(refused.refusal(), (401, "sign_in_too_old"));
        assert!(
            refused
                .header("www-authenticate")
                .contains("max_age=\"900\"")
        );
    }
    let token = sign_in(&site, &authenticator.code(&site)).await;
    site.clock.forward_seconds(14 * MINUTE);
    let created = changes[0].clone().signed(&token).to(&site).await;
    assert_eq!(created.status, 201);
    site.clock.forward_seconds(MINUTE);
    for change in changes.clone() {
        let refused = change.signed(&token).to(&site).await;
        assert_eq!(refused.refusal(), (401, "sign_in_too_old"));
    }
    let token = sign_in(&site, &authenticator.code(&site)).await;
    for change in changes {
        let done = change.signed(&token).to(&site).await;
        assert!(done.status < 300, "{}", done.text);
    }
    let opened = site.post("/v1/auth/login", &credentials()).await;
    assert_eq!(opened.status, 200);
}

#[tokio::test]
async fn an_administrator_removes_a_lost_factor_and_the_sessions_end() {
    let (site, administrator) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let (authenticator, _) = enrol(&site, &author).await;
    drop(authenticator);
    let id = site.get_as(&author, "/v1/me").await.body["id"].clone();
    let path = format!("/v1/users/{}", id.as_str().unwrap());
    let user = site.get_as(&administrator, &path).await;
    assert_eq!(user.body["has_second_factor"], true);
    let allowed = user.body["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("remove_second_factor")));
    let path = format!("{path}/second-factor");
    let own = Call::delete(&path).signed(&author).to(&site).await;
    assert_eq!(own.refusal(), (403, "forbidden"));
    let removed = Call::delete(&path).signed(&administrator).to(&site).await;
    assert_eq!(removed.status, 204);
    let ended = site.get_as(&author, "/v1/me").await;
    assert_eq!(ended.refusal(), (401, "invalid_token"));
    let credentials = json!({ "email": "author@example.org", "password": PASSWORD });
    assert_eq!(site.post("/v1/auth/login", &credentials).await.status, 200);
    let none = Call::delete(&path).signed(&administrator).to(&site).await;
    assert_eq!(none.refusal(), (404, "not_found"));
    let query = "/v1/audit?action=remove_second_factor";
    let records = site.get_as(&administrator, query).await;
    assert_eq!(records.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_role_that_requires_a_factor_can_do_nothing_but_enrol_one() {
    let machine = Machine {
        two_factor_roles: vec![Role::Administrator],
        ..Machine::new()
    };
    let site = site_on(machine, |_| {}).await;
    let token = site.token(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let me = site.get_as(&token, "/v1/me").await;
    assert_eq!(me.body["second_factor"], "due");
    assert_eq!(
        (&me.body["permissions"], &me.body["allowed"]),
        (&json!([]), &json!([]))
    );
    let draft = json!({ "title": "Hola", "body": "" });
    for path in [
        "/v1/posts?status=draft",
        "/v1/users",
        "/v1/audit",
        "/v1/api-keys",
    ] {
        let refused = site.get_as(&token, path).await;
        assert_eq!(refused.refusal(), (403, "second_factor_required"), "{path}");
    }
    let refused = site.post_as(&token, "/v1/posts", &draft).await;
    assert_eq!(refused.refusal(), (403, "second_factor_required"));
    assert_eq!(site.post_as(&author, "/v1/posts", &draft).await.status, 201);
    let (authenticator, _) = enrol(&site, &token).await;
    let token = sign_in(&site, &authenticator.code(&site)).await;
    assert_eq!(site.post_as(&token, "/v1/posts", &draft).await.status, 201);
}

#[tokio::test]
async fn an_enrolment_needs_the_password_and_a_first_code_in_time() {
    let (site, token) = site_as(Role::Administrator).await;
    let wrong = json!({ "current_password": "wrong horse battery" });
    let refused = site.post_as(&token, "/v1/me/second-factor", &wrong).await;
    assert_eq!(refused.refusal(), (401, "bad_credentials"));
    let path = "/v1/me/second-factor/confirm";
    let code = |code: &str| json!({ "code": code });
    let none = site.post_as(&token, path, &code("123456")).await;
    assert_eq!(none.refusal(), (404, "not_found"));
    let replaced = begin(&site, &token).await;
    let authenticator = begin(&site, &token).await;
    let refused = site
        .post_as(&token, path, &code(&replaced.code(&site)))
        .await;
    assert_eq!(refused.refusal(), (401, "bad_code"));
    let malformed = site.post_as(&token, path, &code("12345")).await;
    assert_eq!(malformed.errors(), [("/code", "bad_format")]);
    site.clock.forward_seconds(15 * MINUTE);
    let token = site.post("/v1/auth/login", &credentials()).await;
    let token = token.body["access_token"].as_str().unwrap();
    let late = site
        .post_as(token, path, &code(&authenticator.code(&site)))
        .await;
    assert_eq!(late.refusal(), (404, "not_found"));
    enrol(&site, token).await;
    let password = json!({ "current_password": PASSWORD });
    let second = site.post_as(token, "/v1/me/second-factor", &password).await;
    assert_eq!(second.refusal(), (409, "second_factor_enrolled"));
}

#[tokio::test]
async fn a_browser_gets_its_cookie_after_the_code() {
    let (site, token) = site_as(Role::Administrator).await;
    let (authenticator, _) = enrol(&site, &token).await;
    let body = json!({
        "challenge": challenge(&site).await,
        "code": authenticator.code(&site),
        "session": "cookie",
    });
    let call = || Call::post("/v1/auth/login/code").json(&body);
    let refused = call().to(&site).await;
    assert_eq!(refused.refusal(), (403, "cross_site_request"));
    let own = call()
        .header("sec-fetch-site", "same-origin")
        .header("x-requested-with", "test");
    let opened = own.to(&site).await;
    assert_eq!(opened.status, 204);
    let cookie = opened.header("set-cookie").split(';').next().unwrap();
    let me = Call::get("/v1/me").header("cookie", cookie).to(&site).await;
    assert_eq!(me.status, 200);
}

#[tokio::test]
async fn an_unknown_account_never_gets_a_challenge() {
    let site = site().await;
    let answer = site.post("/v1/auth/login", &credentials()).await;
    assert_eq!(answer.refusal(), (401, "bad_credentials"));
    let forged = format!("{}.{}", "0".repeat(32), "A".repeat(43));
    let refused = complete(&site, &forged, "123456").await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
}
