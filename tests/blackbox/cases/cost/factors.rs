//! Costs of second factors, each on a server of its own.

use reqwest::Method;
use serde_json::json;

use crate::{
    cases::second_factor::{challenge, complete},
    costs::Row,
    harness::{ADMINISTRATOR, Answer, Authenticator, Client, Server, Setup},
};

pub(super) async fn account(row: &Row) -> Answer {
    let server = Setup::memory().start();
    let administrator = server.administrator().await;
    let (email, password) = ADMINISTRATOR;
    // Caches the caller.
    administrator.get("/v1/me").send().await.is(200);
    let path = "/v1/me/second-factor";
    match row.operation {
        "get_second_factor" => return administrator.get(path).send().await,
        "enrol_second_factor" => {
            let enrol = administrator.post(path);
            let body = json!({ "current_password": password });
            return enrol.json(&body).send().await;
        }
        "confirm_second_factor" => {
            let begun = Authenticator::begin(&administrator, password).await;
            let confirm = administrator.post(&format!("{path}/confirm"));
            return confirm.json(&json!({ "code": begun.code() })).send().await;
        }
        _ => {}
    }
    let authenticator = Authenticator::enrol(&administrator, password).await;
    match (row.operation, row.case) {
        ("open_session", _) => {
            let login = server.anonymous().post("/v1/auth/login");
            let body = json!({ "email": email, "password": password });
            return login.json(&body).send().await;
        }
        (_, "code") => {
            let challenge = challenge(&server).await;
            return complete(&server, &challenge, &authenticator.next_code()).await;
        }
        (_, "recovery code") => {
            let challenge = challenge(&server).await;
            return complete(&server, &challenge, &authenticator.recovery_codes[0]).await;
        }
        _ => {}
    }
    let person = signed_in(&server, &authenticator).await;
    match row.operation {
        "renew_recovery_codes" => {
            let renew = person.post(&format!("{path}/recovery-codes"));
            renew.send().await
        }
        "remove_second_factor" => person.call(Method::DELETE, path).send().await,
        "remove_user_second_factor" => {
            let me = person.get("/v1/me").send().await.is(200).json();
            let path = format!("/v1/users/{}/second-factor", me["id"].as_str().unwrap());
            person.call(Method::DELETE, &path).send().await
        }
        other => panic!("{other} is no operation of second factors"),
    }
}

/// A client that signed in with both factors, and whose caller is cached.
async fn signed_in(server: &Server, authenticator: &Authenticator) -> Client {
    let challenge = challenge(server).await;
    let opened = complete(server, &challenge, &authenticator.next_code()).await;
    let tokens = opened.is(200).json();
    let client = server.holder_of(tokens["access_token"].as_str().unwrap());
    client.get("/v1/me").send().await.is(200);
    client
}
