//! Costs of passwords and lists of sessions, each on a server of its own, because they end sessions.

use reqwest::Method;
use serde_json::json;

use crate::{
    cases::accounts::reset_token,
    costs::Row,
    harness::{ADMINISTRATOR, Answer, Setup},
};

pub(super) async fn account(row: &Row) -> Answer {
    let server = Setup::memory().with("TINTERO_MAIL", "log").start();
    let author = server.administrator().await;
    let (email, password) = ADMINISTRATOR;
    // Caches the caller.
    author.get("/v1/me").send().await.is(200);
    let new = "staple of the old horse";
    match row.operation {
        "change_password" => {
            let current = if row.case == "wrong" { new } else { password };
            let change = json!({ "current_password": current, "new_password": new });
            author.post("/v1/me/password").json(&change).send().await
        }
        "request_password_reset" if row.case == "unknown address" => {
            let anonymous = server.anonymous();
            let unknown = json!({ "email": format!("x{email}") });
            anonymous
                .post("/v1/auth/password-resets")
                .json(&unknown)
                .send()
                .await
        }
        "request_password_reset" => reset_token(&server).await.0,
        "complete_password_reset" => {
            let (_, token) = reset_token(&server).await;
            let complete = json!({ "token": token, "password": new });
            let anonymous = server.anonymous();
            anonymous
                .post("/v1/auth/password-resets/complete")
                .json(&complete)
                .send()
                .await
        }
        "list_sessions" => author.get("/v1/me/sessions").send().await,
        "end_sessions" => author.call(Method::DELETE, "/v1/me/sessions").send().await,
        "end_session" => {
            let listed = author.get("/v1/me/sessions").send().await.is(200).json();
            let id = listed["items"][0]["id"].as_str().unwrap();
            author
                .call(Method::DELETE, &format!("/v1/me/sessions/{id}"))
                .send()
                .await
        }
        other => panic!("{other} is no operation of accounts"),
    }
}
