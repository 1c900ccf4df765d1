//! Users, API keys and the audit trail, as a dashboard uses them.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::merges::wait_for;
use crate::harness::{
    ADMINISTRATOR, Answer, Call, Client, cases, contract::Operation, draft, shared, unique,
};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_person_is_invited_works_and_leaves,
        a_key_is_created_rotated_and_revoked,
        the_audit_trail_is_filtered_by_time_and_exported,
    ]
}

const PASSWORD: &str = "staple correct horse";

/// A call of an operation on users, API keys or the audit trail; `None` for other operations.
pub(super) async fn call(
    operation: &Operation,
    administrator: &Client,
    person: &Client,
) -> Option<Call> {
    let call = |path: &str| person.call(operation.method.clone(), path);
    Some(match operation.id.as_str() {
        "list_users" | "list_api_keys" | "list_audit_records" | "export_audit_records" => {
            call(&operation.path)
        }
        "update_me" => call("/v1/me").json(&json!({ "bio": null })),
        "invite_user" => call("/v1/users").json(&invitation()),
        "create_api_key" => call("/v1/api-keys").json(&new_key()),
        "get_api_key" | "revoke_api_key" | "rotate_api_key" => {
            // The key belongs to the caller where the caller can have one.
            let own = person.post("/v1/api-keys").json(&new_key()).send().await;
            let key = match own.status {
                201 => own,
                _ => create_key(administrator).await,
            };
            let id = key
                .header("location")
                .rsplit('/')
                .next()
                .unwrap_or_default();
            call(&operation.path.replace("{id}", id))
        }
        "get_user" | "update_user" | "renew_invitation" => {
            let user = invite(administrator).await;
            act(
                call(&operation.path.replace("{id}", &id(&user["user"]))),
                operation,
            )
        }
        "disable_user" | "delete_user" | "remove_user_second_factor" => {
            let user = active(administrator).await;
            act(call(&operation.path.replace("{id}", &id(&user))), operation)
        }
        "enable_user" => {
            let user = id(&active(administrator).await);
            let disable = administrator.post(&format!("/v1/users/{user}/disable"));
            disable.based_on("\"2.2\"").send().await.is(200);
            call(&operation.path.replace("{id}", &user)).based_on("\"3.3\"")
        }
        _ => return None,
    })
}

/// Adds what a call to one user needs. An invited user has version 1, an active one version 2.
fn act(call: Call, operation: &Operation) -> Call {
    match operation.id.as_str() {
        "update_user" => call.based_on("\"1.1\"").json(&json!({ "role": "author" })),
        "disable_user" | "delete_user" => call.based_on("\"2.2\""),
        _ => call,
    }
}

fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

fn invitation() -> Value {
    json!({ "email": format!("{}@example.org", unique("person")), "role": "author" })
}

fn new_key() -> Value {
    json!({ "name": "robot", "scopes": ["profile:edit"] })
}

async fn create_key(client: &Client) -> Answer {
    let create = client.post("/v1/api-keys").json(&new_key());
    create.send().await.is(201)
}

async fn invite(administrator: &Client) -> Value {
    let invite = administrator.post("/v1/users").json(&invitation());
    invite.send().await.is(201).json()
}

/// A user who accepted an invitation.
async fn active(administrator: &Client) -> Value {
    let invited = invite(administrator).await;
    let body = json!({ "token": invited["token"], "password": PASSWORD });
    let accept = administrator
        .post("/v1/auth/invitations/accept")
        .json(&body);
    accept.send().await.is(204);
    invited["user"].clone()
}

async fn a_person_is_invited_works_and_leaves() {
    let server = shared::server();
    let administrator = server.administrator().await;
    let user = active(&administrator).await;
    let path = format!("/v1/users/{}", id(&user));
    let person = server
        .sign_in(user["email"].as_str().unwrap(), PASSWORD)
        .await;
    let made = person
        .post("/v1/posts")
        .json(&draft("people"))
        .send()
        .await
        .is(201);
    let profile = json!({ "display_name": "Bob", "language": "en" });
    person
        .call(reqwest::Method::PATCH, "/v1/me")
        .json(&profile)
        .send()
        .await
        .is(200);
    let listed = administrator
        .get("/v1/users?role=author&limit=100")
        .send()
        .await
        .is(200);
    let listed = listed.json()["items"].as_array().unwrap().clone();
    assert!(listed.iter().any(|user| user["display_name"] == "Bob"));

    let current = administrator.get(&path).send().await.is(200);
    let promote = administrator.patch(&path).based_on(current.header("etag"));
    let promoted = promote
        .json(&json!({ "role": "editor" }))
        .send()
        .await
        .is(200);
    let me = person.get("/v1/me").send().await.is(200).json();
    assert_eq!(me["role"], "editor");
    let disable = administrator.post(&format!("{path}/disable"));
    let disabled = disable
        .based_on(promoted.header("etag"))
        .send()
        .await
        .is(200);
    person
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    let enable = administrator.post(&format!("{path}/enable"));
    let enabled = enable
        .based_on(disabled.header("etag"))
        .send()
        .await
        .is(200);

    let delete = administrator.call(reqwest::Method::DELETE, &path);
    let begun = delete.based_on(enabled.header("etag")).send().await.is(202);
    let operation = begun.header("location").to_owned();
    wait_for(&administrator, &operation, None).await;
    administrator
        .get(&path)
        .send()
        .await
        .refused(404, "not_found");
    let post = administrator
        .get(made.header("location"))
        .send()
        .await
        .is(200);
    let me = administrator.get("/v1/me").send().await.is(200).json();
    assert_eq!(post.json()["owner_id"], me["id"]);
    assert_eq!(me["email"], ADMINISTRATOR.0);
}

async fn a_key_is_created_rotated_and_revoked() {
    let server = shared::server();
    let administrator = server.administrator().await;
    let created = create_key(&administrator).await;
    let path = created.header("location").to_owned();
    let holder = |created: &Answer| {
        let secret = created.json()["secret"].as_str().unwrap().to_owned();
        server.anonymous().with_key(&secret)
    };
    holder(&created).get("/v1/me").send().await.is(200);
    let rotate = administrator.post(&format!("{path}/rotate"));
    let rotated = rotate
        .json(&json!({ "overlap_seconds": 0 }))
        .send()
        .await
        .is(201);
    holder(&created)
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    holder(&rotated).get("/v1/me").send().await.is(200);
    let path = rotated.header("location");
    let used = administrator.get(path).send().await.is(200).json();
    assert!(used["last_used_at"].is_string(), "{used}");
    administrator
        .call(reqwest::Method::DELETE, path)
        .send()
        .await
        .is(204);
    holder(&rotated)
        .get("/v1/me")
        .send()
        .await
        .refused(401, "invalid_token");
    let listed = administrator
        .get("/v1/api-keys?limit=100")
        .send()
        .await
        .is(200);
    assert!(!listed.text().contains("tin_"));
}

async fn the_audit_trail_is_filtered_by_time_and_exported() {
    let server = shared::server();
    let administrator = server.administrator().await;
    let before = now();
    let made = administrator
        .post("/v1/posts")
        .json(&draft("audit"))
        .send()
        .await
        .is(201);
    let post = id(&made.json());
    let records = async |query: &str| {
        let answer = administrator
            .get(&format!("/v1/audit?{query}"))
            .send()
            .await
            .is(200);
        answer.json()["items"].as_array().unwrap().clone()
    };
    let of_post = format!("resource_kind=post&resource_id={post}");
    let record = records(&of_post).await.remove(0);
    assert_eq!(record["action"], "create_post");
    let at = record["at"].as_str().unwrap();
    let about_it = |records: Vec<Value>| records.iter().any(|other| other["id"] == record["id"]);
    assert!(about_it(
        records(&format!("from={at}&action=create_post&limit=100")).await
    ));
    assert!(!about_it(
        records(&format!("until={at}&action=create_post")).await
    ));
    assert!(
        records(&format!("until={before}&{of_post}"))
            .await
            .is_empty()
    );
    let path = format!("/v1/audit/export?from={at}&action=create_post");
    let export = administrator.get(&path).send().await.is(200);
    let lines = export.text();
    let mut lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(lines.any(|line| line == record));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server uses the system clock too"
)]
fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}
