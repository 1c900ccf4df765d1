//! Users: invitation, roles, disabling, deletion.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    site::{PASSWORD, Site, site, site_as},
};

const NEW_PASSWORD: &str = "staple correct horse";

async fn invite(site: &Site, admin: &str, email: &str, role: &str) -> Answer {
    let body = json!({"email": email, "role": role});
    site.post_as(admin, "/v1/users", &body).await
}

async fn accept(site: &Site, token: &Value) -> Answer {
    let body = json!({"token": token, "password": NEW_PASSWORD});
    site.post("/v1/auth/invitations/accept", &body).await
}

async fn login(site: &Site, email: &str, password: &str) -> Answer {
    let credentials = json!({"email": email, "password": password});
    site.post("/v1/auth/login", &credentials).await
}

fn path(user: &Value) -> String {
    format!("/v1/users/{}", user["id"].as_str().unwrap())
}

async fn act(site: &Site, token: &str, user: &Answer, action: &str) -> Answer {
    let call = Call::post(&format!("{}/{action}", path(&user.body)));
    call.signed(token).based_on(user.etag()).to(site).await
}

/// The account of the caller, as a user with a version.
async fn own(site: &Site, token: &str) -> Answer {
    let me = site.get_as(token, "/v1/me").await;
    site.get_as(token, &path(&me.body)).await
}

#[tokio::test]
async fn an_invited_user_sets_a_password_once_and_signs_in() {
    let (site, admin) = site_as(Role::Administrator).await;
    let invited = invite(&site, &admin, "BOB@example.org", "author").await;
    assert_eq!(invited.status, 201);
    assert_eq!(invited.header("cache-control"), "no-store");
    let user = &invited.body["user"];
    assert_eq!(invited.header("location"), path(user));
    assert_eq!(
        (&user["email"], &user["display_name"], &user["status"]),
        (&json!("bob@example.org"), &json!("bob"), &json!("invited"))
    );
    assert_eq!(user["allowed"], json!(["update", "invite", "delete"]));
    let refused = login(&site, "bob@example.org", NEW_PASSWORD).await;
    assert_eq!(refused.refusal(), (401, "bad_credentials"));
    let again = invite(&site, &admin, "bob@example.org", "reader").await;
    assert_eq!(again.refusal(), (409, "email_taken"));

    let token = &invited.body["token"];
    assert_eq!(accept(&site, token).await.status, 204);
    assert_eq!(accept(&site, token).await.refusal(), (401, "invalid_token"));
    let signed_in = login(&site, "bob@example.org", NEW_PASSWORD).await;
    assert_eq!(signed_in.status, 200);
    let bob = signed_in.body["access_token"].as_str().unwrap();
    assert_eq!(site.get_as(bob, "/v1/me").await.body["role"], "author");
    let stored = site.get_as(&admin, &path(user)).await;
    assert_eq!(stored.body["status"], "active");
    assert!(!stored.text.contains(token.as_str().unwrap()));
}

#[tokio::test]
async fn a_renewed_invitation_replaces_the_token_and_both_expire() {
    let (site, admin) = site_as(Role::Administrator).await;
    let first = invite(&site, &admin, "bob@example.org", "author").await;
    let renew = format!("{}/invitation", path(&first.body["user"]));
    let second = Call::post(&renew).signed(&admin).to(&site).await;
    assert_eq!(second.status, 201);
    let again = invite(&site, &admin, "bob@example.org", "author").await;
    assert_eq!(again.refusal(), (409, "email_taken"));
    let sent = [first.body["token"].clone(), second.body["token"].clone()];
    assert_eq!(json!(site.mailbox.take()), json!(sent), "each by mail");
    let refused = accept(&site, &first.body["token"]).await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    site.clock.forward_seconds(7 * 24 * 60 * 60);
    let late = accept(&site, &second.body["token"]).await;
    assert_eq!(late.refusal(), (401, "invalid_token"));
    for token in [json!("x"), json!("00000000000000000000000000000007.YQ")] {
        let unknown = accept(&site, &token).await;
        assert_eq!(unknown.refusal(), (401, "invalid_token"));
    }
    let short = json!({"token": "x", "password": "short"});
    let short = site.post("/v1/auth/invitations/accept", &short).await;
    assert_eq!(short.errors(), [("/password", "too_short")]);
}

#[tokio::test]
async fn a_disabled_user_is_rejected_at_once_and_old_sessions_stay_ended() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let key = json!({"name": "robot", "scopes": ["posts:read"]});
    let key = site.post_as(&author, "/v1/api-keys", &key).await;
    let key = format!("ApiKey {}", key.body["secret"].as_str().unwrap());
    let with_key = || Call::get("/v1/me").header("authorization", &key);
    let user = own(&site, &author).await;
    site.clock.forward_seconds(1);

    let disabled = act(&site, &admin, &user, "disable").await;
    assert_eq!(disabled.status, 200, "{}", disabled.text);
    assert_eq!(disabled.body["status"], "disabled");
    assert_eq!(
        disabled.body["allowed"],
        json!(["update", "enable", "delete"])
    );
    let refused = site.get_as(&author, "/v1/me").await;
    assert_eq!(refused.refusal(), (401, "invalid_token"));
    assert_eq!(with_key().to(&site).await.refusal(), (401, "invalid_token"));
    let refused = login(&site, "author@example.org", PASSWORD).await;
    assert_eq!(refused.refusal(), (401, "bad_credentials"));
    let same = act(&site, &admin, &disabled, "disable").await;
    assert_eq!(same.body["version"], disabled.body["version"], "no change");

    let enabled = act(&site, &admin, &disabled, "enable").await;
    assert_eq!(enabled.body["status"], "active");
    let old = site.get_as(&author, "/v1/me").await;
    assert_eq!(old.refusal(), (401, "invalid_token"));
    assert_eq!(with_key().to(&site).await.status, 200);
    assert_eq!(
        login(&site, "author@example.org", PASSWORD).await.status,
        200
    );
    let stale = act(&site, &admin, &user, "disable").await;
    assert_eq!(stale.refusal(), (412, "stale"));
}

#[tokio::test]
async fn the_last_administrator_cannot_be_demoted_disabled_or_deleted() {
    let (site, admin) = site_as(Role::Administrator).await;
    let user = own(&site, &admin).await;
    let patch = |tag: &str, body: &str| {
        let call = Call::patch(&path(&user.body)).signed(&admin);
        call.based_on(tag)
            .bytes("application/merge-patch+json", body)
    };
    let demoted = patch(user.etag(), r#"{"role": "editor"}"#).to(&site).await;
    assert_eq!(demoted.refusal(), (409, "last_administrator"));
    let disabled = act(&site, &admin, &user, "disable").await;
    assert_eq!(disabled.refusal(), (409, "last_administrator"));
    let other = site.token(Role::Editor).await;
    let other = own(&site, &other).await.body["id"].clone();
    let delete = format!(
        "{}?reassign_to={}",
        path(&user.body),
        other.as_str().unwrap()
    );
    let delete = Call::delete(&delete).signed(&admin).based_on(user.etag());
    let deleted = delete.to(&site).await;
    assert_eq!(deleted.refusal(), (409, "last_administrator"));

    // With a second administrator, the first one may step down.
    let promote = format!("/v1/users/{}", other.as_str().unwrap());
    let editor = site.get_as(&admin, &promote).await;
    let promote = Call::patch(&promote).signed(&admin).based_on(editor.etag());
    let promoted = promote
        .bytes(
            "application/merge-patch+json",
            r#"{"role": "administrator"}"#,
        )
        .to(&site)
        .await;
    assert_eq!(promoted.body["role"], "administrator");
    let demoted = patch(user.etag(), r#"{"role": "editor"}"#).to(&site).await;
    assert_eq!(demoted.body["role"], "editor");
    let me = site.get_as(&admin, "/v1/me").await;
    assert_eq!(me.body["role"], "editor", "the role is not in the token");
}

#[tokio::test]
async fn deleting_a_user_reassigns_the_posts_and_frees_the_address() {
    let (site, admin) = site_as(Role::Administrator).await;
    let author = site.token(Role::Author).await;
    let mut posts = Vec::new();
    for title in ["Uno", "Dos"] {
        let draft = json!({"title": title, "body": "Texto"});
        posts.push(site.post_as(&author, "/v1/posts", &draft).await);
    }
    let publish = format!(
        "/v1/posts/{}/publish",
        posts[0].body["id"].as_str().unwrap()
    );
    let publish = Call::post(&publish)
        .signed(&author)
        .based_on(posts[0].etag());
    assert_eq!(publish.to(&site).await.status, 200);
    let user = own(&site, &author).await;
    let receiver = own(&site, &admin).await.body["id"].clone();

    let delete = |target: &str| Call::delete(target).signed(&admin).based_on(user.etag());
    let itself = format!(
        "{}?reassign_to={}",
        path(&user.body),
        user.body["id"].as_str().unwrap()
    );
    assert_eq!(delete(&itself).to(&site).await.refusal(), (422, "invalid"));
    let started = delete(&path(&user.body)).to(&site).await;
    assert_eq!(started.status, 202, "{}", started.text);
    assert_eq!(started.body["kind"], "reassign_posts");
    let refused = login(&site, "author@example.org", PASSWORD).await;
    assert_eq!(refused.refusal(), (401, "bad_credentials"));
    let invited = invite(&site, &admin, "author@example.org", "author").await;
    assert_eq!(invited.status, 201, "the address is free");

    site.work().await;
    let operation = site.get_as(&admin, started.header("location")).await;
    assert_eq!(
        (&operation.body["state"], &operation.body["done"]),
        (&json!("succeeded"), &json!(2)),
        "{}",
        operation.text
    );
    for post in &posts {
        let post = format!("/v1/posts/{}", post.body["id"].as_str().unwrap());
        let post = site.get_as(&admin, &post).await;
        assert_eq!(post.body["owner_id"], receiver);
    }
    assert_eq!(site.get("/v1/posts/by-slug/uno").await.status, 200);
    let gone = site.get_as(&admin, &path(&user.body)).await;
    assert_eq!(gone.refusal(), (404, "not_found"));
    let findings = site.doctor.examine(|_| {}).await.unwrap().findings;
    assert!(findings.is_empty(), "{findings:?}");
}

#[tokio::test]
async fn lists_are_filtered_and_only_administrators_and_editors_read_them() {
    let (site, admin) = site_as(Role::Administrator).await;
    let editor = site.token(Role::Editor).await;
    let author = site.token(Role::Author).await;
    invite(&site, &admin, "bob@example.org", "author").await;
    let listed = async |query: &str| {
        let answer = site.get_as(&admin, &format!("/v1/users{query}")).await;
        let items = answer.body["items"].as_array().unwrap().clone();
        let emails = items
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned());
        emails.collect::<Vec<_>>()
    };
    let all = ["bob", "author", "editor", "administrator"];
    assert_eq!(
        listed("").await,
        all.map(|name| format!("{name}@example.org"))
    );
    assert_eq!(listed("?role=author").await.len(), 2);
    assert_eq!(
        listed("?role=author&status=invited").await,
        ["bob@example.org"]
    );
    let unknown = site.get_as(&admin, "/v1/users?role=king").await;
    assert_eq!(unknown.errors(), [("role", "bad_format")]);

    let mut pages = Vec::new();
    let mut next = "/v1/users?limit=1".to_owned();
    loop {
        let page = site.get_as(&admin, &next).await;
        pages.extend(
            page.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["email"].clone()),
        );
        match page.body["page"]["next_cursor"].as_str() {
            Some(cursor) => next = format!("/v1/users?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(pages.len(), 4);
    let seen = site.get_as(&editor, "/v1/users").await;
    assert_eq!(seen.body["items"][0]["allowed"], json!([]));
    let refused = site.get_as(&author, "/v1/users").await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(own(&site, &author).await.status, 200);
    let other = own(&site, &editor).await;
    let refused = site.get_as(&author, &path(&other.body)).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}

#[tokio::test]
async fn people_change_their_own_profile_and_not_their_role() {
    let site = site().await;
    let reader = site.token(Role::Reader).await;
    let patch = |body: &str| {
        let call = Call::patch("/v1/me").signed(&reader);
        call.bytes("application/merge-patch+json", body)
    };
    let body = r#"{"display_name": "Ana", "language": "es-MX", "bio": "Escribe."}"#;
    let changed = patch(body).to(&site).await;
    assert_eq!(
        (&changed.body["display_name"], &changed.body["language"]),
        (&json!("Ana"), &json!("es-MX"))
    );
    let cleared = patch(r#"{"bio": null}"#).to(&site).await;
    assert_eq!((cleared.status, &cleared.body["bio"]), (200, &Value::Null));
    let role = patch(r#"{"role": "administrator"}"#).to(&site).await;
    assert_eq!(role.errors(), [("/role", "unknown_member")]);
}

#[tokio::test]
async fn invitations_reject_bad_input_and_callers_without_permission() {
    let (site, admin) = site_as(Role::Administrator).await;
    let editor = site.token(Role::Editor).await;
    let refused = invite(&site, &editor, "bob@example.org", "reader").await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let body = json!({"email": "bob", "role": "king", "age": 7});
    let bad = site.post_as(&admin, "/v1/users", &body).await;
    let expected = [
        ("/email", "bad_format"),
        ("/role", "bad_format"),
        ("/age", "unknown_member"),
    ];
    assert_eq!(bad.errors(), expected);
    let keyed = Call::post("/v1/users")
        .signed(&admin)
        .header("idempotency-key", "k");
    let keyed = keyed.json(&json!({"email": "bob@example.org", "role": "reader"}));
    assert_eq!(keyed.to(&site).await.refusal(), (400, "bad_header"));
}
