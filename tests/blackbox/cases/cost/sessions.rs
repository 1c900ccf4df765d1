//! Costs of sign-in.

use serde_json::json;

use super::desk::Desk;
use crate::harness::{ADMINISTRATOR, Answer};

impl Desk<'_> {
    /// Signs in as a browser, or reads with its cookie.
    pub(super) async fn browse(&self, operation: &str) -> Answer {
        let anonymous = self.server.anonymous();
        let (email, password) = ADMINISTRATOR;
        let credentials = json!({ "email": email, "password": password, "session": "cookie" });
        let opened = anonymous
            .post("/v1/auth/login")
            .header("x-requested-with", "test")
            .header("sec-fetch-site", "same-origin")
            .json(&credentials)
            .send()
            .await
            .is(204);
        if operation == "open_session" {
            return opened;
        }
        let cookie = opened.header("set-cookie").split(';').next().unwrap();
        anonymous
            .get("/v1/me")
            .header("cookie", cookie)
            .send()
            .await
            .is(200)
    }

    pub(super) async fn session(&self, operation: &str) -> Answer {
        let anonymous = self.server.anonymous();
        let (email, password) = ADMINISTRATOR;
        let credentials = json!({ "email": email, "password": password });
        let opened = anonymous
            .post("/v1/auth/login")
            .json(&credentials)
            .send()
            .await
            .is(200);
        let token = json!({ "refresh_token": opened.json()["refresh_token"] });
        match operation {
            "open_session" => opened,
            "refresh_session" => anonymous
                .post("/v1/auth/refresh")
                .json(&token)
                .send()
                .await
                .is(200),
            _ => anonymous
                .post("/v1/auth/logout")
                .json(&token)
                .send()
                .await
                .is(204),
        }
    }
}
