//! Second factors, from enrolment to loss.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{ADMINISTRATOR, Answer, Authenticator, Client, Server, Setup, cases, ending};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_factor_is_enrolled_used_after_a_restart_and_removed_by_the_operator,
        a_role_that_requires_a_factor_begins_with_its_enrolment,
    ]
}

/// Sends the password and returns the token for the second step.
pub(super) async fn challenge(server: &Server) -> String {
    let (email, password) = ADMINISTRATOR;
    let login = server.anonymous().post("/v1/auth/login");
    let login = login.json(&json!({ "email": email, "password": password }));
    let answer = login.send().await.is(202).json();
    answer["challenge"].as_str().unwrap().to_owned()
}

/// Completes a sign-in.
pub(super) async fn complete(server: &Server, challenge: &str, code: &str) -> Answer {
    let login = server.anonymous().post("/v1/auth/login/code");
    let body = json!({ "challenge": challenge, "code": code });
    login.json(&body).send().await
}

/// Signs in with both factors.
async fn sign_in(server: &Server, code: &str) -> Client {
    let opened = complete(server, &challenge(server).await, code).await;
    let tokens: Value = opened.is(200).json();
    server.holder_of(tokens["access_token"].as_str().unwrap())
}

async fn a_factor_is_enrolled_used_after_a_restart_and_removed_by_the_operator() {
    let setup = Setup::embedded();
    let server = setup.start();
    let old = server.administrator().await;
    let authenticator = Authenticator::enrol(&old, ADMINISTRATOR.1).await;
    let first = challenge(&server).await;
    let used = complete(&server, &first, &authenticator.used_code).await;
    used.refused(401, "bad_code");
    let person = sign_in(&server, &authenticator.next_code()).await;
    let status = person.get("/v1/me/second-factor").send().await.is(200);
    assert_eq!(status.json()["recovery_codes_left"], 10);
    server.terminate();
    server.ended();

    // The key that encrypts the secret is in the data folder.
    let server = setup.start();
    let person = sign_in(&server, &authenticator.recovery_codes[0]).await;
    let remove = person.call(reqwest::Method::DELETE, "/v1/me/second-factor");
    remove.send().await.is(204);
    let person = server.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await;
    Authenticator::enrol(&person, ADMINISTRATOR.1).await;
    server.terminate();
    server.ended();

    let remove = ["users", "remove-second-factor", ADMINISTRATOR.0];
    let output = setup.run(&remove);
    assert!(output.status.success(), "{}", ending(&output).1);
    let server = setup.start();
    server.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await;
}

async fn a_role_that_requires_a_factor_begins_with_its_enrolment() {
    let setup = Setup::memory().with("TINTERO_SECOND_FACTOR_ROLES", "administrator");
    let server = setup.start();
    let administrator = server.administrator().await;
    let users = || administrator.get("/v1/users").send();
    users().await.refused(403, "second_factor_required");
    let authenticator = Authenticator::enrol(&administrator, ADMINISTRATOR.1).await;
    users().await.is(200);
    let invitation = json!({ "email": "bob@example.org", "role": "author" });
    let invite = administrator.post("/v1/users").json(&invitation);
    invite.send().await.refused(401, "sign_in_too_old");
    let administrator = sign_in(&server, &authenticator.next_code()).await;
    let invite = administrator.post("/v1/users").json(&invitation);
    invite.send().await.is(201);
}
