use serde_json::{Value, json};
use tintero_domain::access::Role;

use super::{a_post, path};
use crate::{
    call::{Answer, Call},
    site::{Site, site, site_as},
};

const PATH: &str = "/v1/posts:batch";

async fn batch(site: &Site, token: &str, operations: Value) -> Answer {
    let call = Call::post(PATH).signed(token);
    let answer = call.json(&json!({"operations": operations})).to(site).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

fn statuses(answer: &Answer) -> Vec<u64> {
    let results = answer.body["results"].as_array().unwrap();
    let status = |result: &Value| result["status"].as_u64().unwrap();
    results.iter().map(status).collect()
}

fn create(title: &str) -> Value {
    json!({"op": "create", "value": {"title": title, "body": "Texto.\n"}})
}

#[tokio::test]
async fn operations_are_applied_in_order_and_failures_do_not_affect_others() {
    let (site, token) = site_as(Role::Author).await;
    let post = a_post(&site, &token, "Hola").await;
    let id = &post.body["id"];
    let operations = json!([
        create("Uno"),
        {"op": "update", "id": id, "if_match": post.etag(), "value": {"title": "Adiós"}},
        {"op": "publish", "id": id, "if_match": "\"2.2\""},
        {"op": "publish", "id": id, "if_match": "2.2"},
        {"op": "trash", "id": id},
        {"op": "create", "value": {"title": "", "body": "", "x": 1}},
        create("Hola"),
        {"op": "explode"},
        7,
    ]);
    let answer = batch(&site, &token, operations).await;
    assert_eq!(
        statuses(&answer),
        [201, 200, 200, 412, 428, 422, 409, 422, 422]
    );
    assert_eq!(
        (&answer.body["succeeded"], &answer.body["failed"]),
        (&json!(3), &json!(6))
    );
    let results = &answer.body["results"];
    assert_eq!(results[2]["post"]["status"], "published");
    assert_eq!(results[2]["etag"], "\"3.2\"");
    assert_eq!(
        results[5]["problem"]["errors"][0]["pointer"],
        "/operations/5/value/title"
    );
    let refused = &results[6]["problem"];
    assert_eq!(refused["errors"][0]["pointer"], "/operations/6/value/slug");
    assert_eq!(
        (&refused["code"], &refused["holder"]),
        (&json!("slug_taken"), id)
    );
    assert_eq!(
        results[7]["problem"]["errors"][0]["pointer"],
        "/operations/7/op"
    );
    assert_eq!(
        results[8]["problem"]["errors"][0]["pointer"],
        "/operations/8"
    );
}

#[tokio::test]
async fn each_operation_requires_the_permission_of_the_single_request() {
    let site = site().await;
    let author = site.token(Role::Author).await;
    let post = a_post(&site, &author, "Hola").await;
    let id = &post.body["id"];
    let contributor = site.token(Role::Contributor).await;
    let operations = json!([
        create("Propio"),
        {"op": "publish", "id": id, "if_match": post.etag()},
        {"op": "update", "id": id, "if_match": post.etag(), "value": {"title": "Ajeno"}},
    ]);
    let answer = batch(&site, &contributor, operations).await;
    assert_eq!(statuses(&answer), [201, 403, 403]);
    let now = site.get_as(&author, &path(&post)).await;
    assert_eq!(now.body["version"], 1);
    let nobody = Call::post(PATH).json(&json!({"operations": [create("x")]}));
    assert_eq!(nobody.to(&site).await.refusal(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_repeated_batch_replays_results_and_applies_the_rest() {
    let (site, token) = site_as(Role::Author).await;
    let send = async |operations: Value| {
        let call = Call::post(PATH).signed(&token);
        let call = call.header("idempotency-key", "k1");
        call.json(&json!({"operations": operations}))
            .to(&site)
            .await
    };
    let first = send(json!([create("Uno"), {"op": "create", "value": {}}, create("Dos")])).await;
    assert_eq!(statuses(&first), [201, 422, 201]);
    let again = send(json!([create("Uno"), create("Tres"), create("Otro")])).await;
    assert_eq!(statuses(&again), [201, 201, 422]);
    let (before, after) = (&first.body["results"], &again.body["results"]);
    assert_eq!(before[0]["post"], after[0]["post"]);
    assert_eq!(
        [&after[0]["replayed"], &after[1]["replayed"]],
        [&json!(true), &json!(false)]
    );
    assert_eq!(after[2]["problem"]["code"], "idempotency_key_reused");
}

#[tokio::test]
async fn invalid_batches_are_rejected() {
    let (site, token) = site_as(Role::Author).await;
    let many = Value::Array((0..101).map(|_| create("x")).collect());
    for (body, expected) in [
        (json!({}), ("/operations", "required")),
        (json!({"operations": {}}), ("/operations", "wrong_type")),
        (json!({"operations": []}), ("/operations", "too_short")),
        (json!({"operations": many}), ("/operations", "too_long")),
        (
            json!({"operations": [create("x")], "x": 1}),
            ("/x", "unknown_member"),
        ),
    ] {
        let answer = site.post_as(&token, PATH, &body).await;
        assert_eq!(answer.refusal(), (422, "invalid"));
        assert_eq!(answer.errors(), [expected]);
    }
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    let call = Call::post(PATH)
        .signed(&token)
        .bytes("application/json", large);
    assert_eq!(call.to(&site).await.refusal(), (413, "body_too_large"));
}
