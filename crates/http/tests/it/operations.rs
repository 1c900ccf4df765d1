//! Merges and deletions of categories, and operations, in the API.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use http::Method;
use serde_json::{Value, json};
use tintero_domain::access::Role;
use tintero_embedded::faults::FaultAction;

use crate::{
    call::{Answer, Call},
    site::{Site, site},
};

async fn create(site: &Site, token: &str, name: &str) -> Answer {
    let create = Call::post("/v1/categories").signed(token);
    create.json(&json!({ "name": name })).to(site).await
}

async fn a_post_in(site: &Site, token: &str, category: &Value) {
    let post = json!({"title": "Hola", "body": "Hola", "category_ids": [category["id"]]});
    let post = Call::post("/v1/posts").signed(token).json(&post);
    let post = post.to(site).await;
    let publish = format!("/v1/posts/{}/publish", post.body["id"].as_str().unwrap());
    let publish = Call::post(&publish).signed(token).based_on(post.etag());
    assert_eq!(publish.to(site).await.status, 200);
}

fn place(category: &Answer) -> String {
    format!("/v1/categories/{}", category.body["id"].as_str().unwrap())
}

fn merge(token: &str, from: &Answer, into: &str) -> Call {
    let call = Call::post(&format!("{}/merge", place(from))).signed(token);
    call.based_on(from.etag()).json(&json!({ "into": into }))
}

fn delete(token: &str, path: &str, base: &str) -> Call {
    Call::new(Method::DELETE, path).signed(token).based_on(base)
}

#[tokio::test]
async fn a_merge_returns_an_operation_that_succeeds() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let (from, into) = (
        create(&site, &token, "Uno").await,
        create(&site, &token, "Dos").await,
    );
    a_post_in(&site, &token, &from.body).await;
    let accepted = merge(&token, &from, "dos").to(&site).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let operation = accepted.header("location").to_owned();
    assert_eq!(accepted.body["links"]["self"], operation);
    assert_eq!(accepted.body["links"]["subject"], place(&from));
    assert_eq!(accepted.body["links"]["result"], place(&into));
    assert_eq!(accepted.body["state"], "queued");
    assert_eq!(accepted.body["total"], 1);

    let moved = Call::get(&place(&from)).to(&site).await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (308, &*place(&into))
    );
    let by_slug = Call::get("/v1/categories/uno").to(&site).await;
    assert_eq!(by_slug.status, 308);
    let list = Call::get("/v1/posts?category=uno").to(&site).await;
    assert_eq!(
        list.body["items"][0]["category_ids"],
        json!([into.body["id"]])
    );

    site.work().await;
    let seen = Call::get(&operation).signed(&token).to(&site).await;
    assert_eq!(
        (seen.status, &seen.body["state"]),
        (200, &json!("succeeded"))
    );
    assert_eq!(
        (&seen.body["done"], &seen.body["errors"]),
        (&json!(1), &json!([]))
    );
    assert!(seen.body["finished_at"].is_string());
    let all = Call::get("/v1/operations").signed(&token).to(&site).await;
    assert_eq!(all.body["items"], json!([seen.body]));
    let patch = Call::patch(&place(&from))
        .signed(&token)
        .based_on(from.etag());
    let patch = patch.json(&json!({"name": "Tres"})).to(&site).await;
    assert_eq!(patch.refusal(), (410, "gone"));
}

#[tokio::test]
async fn operations_require_an_editor_and_can_be_cancelled() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let author = site.token(Role::Author).await;
    let from = create(&site, &token, "Uno").await;
    create(&site, &token, "Dos").await;
    let accepted = merge(&token, &from, "dos").to(&site).await;
    let operation = accepted.header("location").to_owned();
    let cancel = format!("{operation}/cancel");
    for path in [&operation, "/v1/operations"] {
        let refused = Call::get(path).to(&site).await;
        assert_eq!(refused.refusal(), (401, "unauthenticated"));
        let refused = Call::get(path).signed(&author).to(&site).await;
        assert_eq!(refused.refusal(), (403, "forbidden"));
    }
    let refused = Call::post(&cancel).signed(&author).to(&site).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let wanted = Call::post(&cancel).signed(&token).to(&site).await;
    assert_eq!(wanted.body["cancel_requested"], true);
    site.work().await;
    let seen = Call::get(&operation).signed(&token).to(&site).await;
    assert_eq!(seen.body["state"], "cancelled");
    let nowhere = Call::get("/v1/operations/01912d68-783e-7a03-8467-5661c1243ad4");
    let nowhere = nowhere.signed(&token).to(&site).await;
    assert_eq!(nowhere.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn a_merge_that_was_cancelled_after_its_last_post_can_be_repeated() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let from = create(&site, &token, "Uno").await;
    create(&site, &token, "Dos").await;
    let accepted = merge(&token, &from, "dos").to(&site).await;
    let operation = accepted.header("location").to_owned();
    site.clock.forward_seconds(11);
    // The runner acquires its lease and marks the list as drained, then crashes.
    site.wire.on(|call| match (call.operation, call.nth) {
        ("TransactWriteItems", 3..) => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let round = site.runners[0].poll().await.unwrap();
    assert_eq!(round.faults.len(), 1);
    site.wire.clear();
    let cancel = Call::post(&format!("{operation}/cancel")).signed(&token);
    cancel.to(&site).await;
    site.work().await;
    let stopped = Call::get(&operation).signed(&token).to(&site).await;
    assert_eq!(stopped.body["state"], "cancelled");
    let again = merge(&token, &from, "dos").to(&site).await;
    assert_eq!(again.status, 202, "{}", again.text);
    assert_ne!(again.body["id"], stopped.body["id"]);
    site.work().await;
    let done = Call::get(again.header("location")).signed(&token);
    assert_eq!(done.to(&site).await.body["state"], "succeeded");
}

#[tokio::test]
async fn concurrent_repetitions_of_a_merge_return_one_operation() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let from = create(&site, &token, "Uno").await;
    create(&site, &token, "Dos").await;
    let accepted = merge(&token, &from, "dos").to(&site).await;
    let cancel = format!("{}/cancel", accepted.header("location"));
    Call::post(&cancel).signed(&token).to(&site).await;
    site.work().await;
    let again = || merge(&token, &from, "dos").to(&site);
    let (one, two) = tokio::join!(again(), again());
    assert_eq!(
        (one.status, two.status),
        (202, 202),
        "{} {}",
        one.text,
        two.text
    );
    assert_eq!(one.body, two.body);
    assert_ne!(one.body["id"], accepted.body["id"]);
}

#[tokio::test]
async fn a_category_is_deleted_if_it_is_unused_or_merged() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let (empty, full) = (
        create(&site, &token, "Uno").await,
        create(&site, &token, "Dos").await,
    );
    a_post_in(&site, &token, &full.body).await;
    let child = json!({"name": "Abajo", "parent_id": empty.body["id"]});
    let child = Call::post("/v1/categories").signed(&token).json(&child);
    let child = child.to(&site).await;
    let base = Call::new(Method::DELETE, &place(&empty)).signed(&token);
    assert_eq!(
        base.to(&site).await.refusal(),
        (428, "precondition_required")
    );
    let refused = delete(&token, &place(&empty), empty.etag()).to(&site).await;
    assert_eq!(refused.refusal(), (409, "category_in_use"));
    let gone = delete(&token, &place(&child), child.etag()).to(&site).await;
    assert_eq!(gone.status, 204);
    let gone = delete(&token, &place(&empty), empty.etag()).to(&site).await;
    assert_eq!(gone.status, 204);
    let gone = Call::get(&place(&empty)).to(&site).await;
    assert_eq!(gone.refusal(), (410, "gone"));

    let refused = delete(&token, &place(&full), full.etag()).to(&site).await;
    assert_eq!(refused.refusal(), (409, "category_in_use"));
    assert!(
        refused.body["detail"]
            .as_str()
            .unwrap()
            .contains("reassign_to")
    );
    create(&site, &token, "Tres").await;
    let path = format!("{}?reassign_to=tres", place(&full));
    let accepted = delete(&token, &path, full.etag()).to(&site).await;
    assert_eq!(
        (accepted.status, &accepted.body["kind"]),
        (202, &json!("merge_categories"))
    );
    let path = format!("{}?to=tres", place(&full));
    let refused = delete(&token, &path, full.etag()).to(&site).await;
    assert_eq!(refused.refusal(), (400, "bad_query"));
}

#[tokio::test]
async fn an_invalid_merge_is_rejected_with_its_errors() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let from = create(&site, &token, "Uno").await;
    let wrong = merge(&token, &from, "nada").to(&site).await;
    assert_eq!(wrong.errors(), [("/into", "unknown_reference")]);
    let wrong = merge(&token, &from, "uno").to(&site).await;
    assert_eq!(wrong.errors(), [("/into", "out_of_range")]);
    let path = format!("{}/merge", place(&from));
    let stale = Call::post(&path).signed(&token).based_on("\"7.7\"");
    create(&site, &token, "Dos").await;
    let stale = stale.json(&json!({"into": "dos"})).to(&site).await;
    assert_eq!(stale.refusal(), (412, "stale"));
}

#[tokio::test]
async fn an_alias_of_a_deleted_category_is_unknown() {
    let site = site().await;
    let token = site.token(Role::Editor).await;
    let from = create(&site, &token, "Uno").await;
    let into = create(&site, &token, "Dos").await;
    merge(&token, &from, "dos").to(&site).await;
    site.work().await;
    let gone = delete(&token, &place(&into), into.etag()).to(&site).await;
    assert_eq!(gone.status, 204);
    let post = json!({"title": "Hola", "body": "", "category_ids": [from.body["id"]]});
    let post = Call::post("/v1/posts").signed(&token).json(&post);
    let refused = post.to(&site).await;
    assert_eq!(refused.errors(), [("/category_ids/0", "unknown_reference")]);
}
