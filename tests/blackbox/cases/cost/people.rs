//! Costs of users, API keys and the audit trail.

use reqwest::Method;
use serde_json::{Value, json};

use super::{desk::Desk, sized::slug};
use crate::harness::Answer;

impl Desk<'_> {
    pub(super) async fn user(&mut self, operation: &str) -> Answer {
        if operation == "list_users" {
            return self
                .author
                .get("/v1/users?role=author")
                .send()
                .await
                .is(200);
        }
        if operation == "update_me" {
            self.made += 1;
            let name = json!({ "display_name": slug(self.made, "Name") });
            return self.author.patch("/v1/me").json(&name).send().await.is(200);
        }
        self.made += 1;
        let email = format!("{}@example.org", slug(self.made, "person"));
        let new = json!({ "email": email, "role": "author" });
        let invited = self
            .author
            .post("/v1/users")
            .json(&new)
            .send()
            .await
            .is(201);
        let path = invited.header("location").to_owned();
        let post = |action: &str| self.author.post(&format!("{path}/{action}"));
        match operation {
            "invite_user" => return invited,
            "get_user" => return self.author.get(&path).send().await.is(200),
            "renew_invitation" => return post("invitation").send().await.is(201),
            "update_user" => {
                let update = self.author.patch(&path).based_on("\"1.1\"");
                let name = json!({ "display_name": "Ana" });
                return update.json(&name).send().await.is(200);
            }
            _ => {}
        }
        let accept = self.server.anonymous();
        let accept = accept.post("/v1/auth/invitations/accept");
        let accept = accept.json(&accepted(&invited)).send().await.is(204);
        match operation {
            "accept_invitation" => accept,
            "delete_user" => {
                let delete = self.author.call(Method::DELETE, &path);
                delete.based_on("\"2.2\"").send().await.is(202)
            }
            _ => {
                let disabled = post("disable").based_on("\"2.2\"").send().await.is(200);
                if operation == "disable_user" {
                    return disabled;
                }
                post("enable").based_on("\"3.3\"").send().await.is(200)
            }
        }
    }

    pub(super) async fn key(&mut self, operation: &str) -> Answer {
        if operation == "list_api_keys" {
            return self.author.get("/v1/api-keys").send().await.is(200);
        }
        let new = json!({ "name": "robot", "scopes": ["posts:read"] });
        let created = self.author.post("/v1/api-keys").json(&new).send().await;
        let created = created.is(201);
        let path = created.header("location").to_owned();
        match operation {
            "create_api_key" => created,
            "get_api_key" => self.author.get(&path).send().await.is(200),
            "rotate_api_key" => {
                let rotate = self.author.post(&format!("{path}/rotate"));
                rotate.send().await.is(201)
            }
            _ => self.author.call(Method::DELETE, &path).send().await.is(204),
        }
    }

    pub(super) async fn audit(&mut self, operation: &str, case: &str) -> Answer {
        let post = self.draft().await;
        let path = match (operation, case) {
            ("export_audit_records", _) => "/v1/audit/export".to_owned(),
            (_, "20 of a resource") => {
                format!("/v1/audit?resource_kind=post&resource_id={}", post.id)
            }
            (_, "20 of a user") => {
                let me = self.author.get("/v1/me").send().await.is(200).json();
                format!("/v1/audit?actor={}", me["id"].as_str().unwrap())
            }
            _ => "/v1/audit".to_owned(),
        };
        self.author.get(&path).send().await.is(200)
    }
}

fn accepted(invited: &Answer) -> Value {
    json!({ "token": invited.json()["token"], "password": "staple correct horse" })
}
