//! Batches of writes.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Client, Post, cases, draft, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        two_batches_create_and_publish_a_hundred_posts,
        a_repeated_batch_creates_nothing_twice,
        a_failed_batch_item_has_the_problem_of_the_single_request,
    ]
}

const PATH: &str = "/v1/posts:batch";

async fn batch(author: &Client, key: &str, operations: &[Value]) -> Value {
    let call = author.post(PATH).header("Idempotency-Key", key);
    let answer = call.json(&json!({ "operations": operations })).send().await;
    answer.is(200).json()
}

async fn two_batches_create_and_publish_a_hundred_posts() {
    let server = shared::server();
    let author = server.administrator().await;
    let tag = unique("batch");
    let creations: Vec<_> = (0..100)
        .map(|_| {
            let mut post = draft("batch");
            post["tags"] = json!([tag]);
            json!({ "op": "create", "value": post })
        })
        .collect();
    let made = batch(&author, &unique("key"), &creations).await;
    assert_eq!(
        (&made["succeeded"], &made["failed"]),
        (&json!(100), &json!(0))
    );
    let publish = |result: &Value| json!({ "op": "publish", "id": result["post"]["id"], "if_match": result["etag"] });
    let publications: Vec<_> = made["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(publish)
        .collect();
    let published = batch(&author, &unique("key"), &publications).await;
    assert_eq!(published["succeeded"], 100);
    let listed = server
        .anonymous()
        .walk(&format!("/v1/posts?tag={tag}&limit=30"))
        .await;
    assert_eq!(listed.len(), 100);
}

async fn a_repeated_batch_creates_nothing_twice() {
    let author = shared::server().administrator().await;
    let (key, tag) = (unique("key"), unique("twice"));
    let creations: Vec<_> = (0..5)
        .map(|number| {
            let mut post = draft("batch");
            post["tags"] = json!([tag, number.to_string()]);
            json!({ "op": "create", "value": post })
        })
        .collect();
    let first = batch(&author, &key, &creations).await;
    let again = batch(&author, &key, &creations).await;
    for (before, after) in first["results"]
        .as_array()
        .unwrap()
        .iter()
        .zip(again["results"].as_array().unwrap())
    {
        assert_eq!(before["post"], after["post"]);
        assert_eq!(
            (&before["replayed"], &after["replayed"]),
            (&json!(false), &json!(true))
        );
    }
}

async fn a_failed_batch_item_has_the_problem_of_the_single_request() {
    let author = shared::server().administrator().await;
    let post: Post = author.create(&draft("batch")).await;
    let alone = author
        .change(&post, &json!({ "title": "" }))
        .await
        .refused(422, "invalid");
    let items = [
        json!({ "op": "update", "id": post.id, "if_match": post.etag, "value": { "title": "" } }),
        json!({ "op": "update", "id": post.id, "value": { "title": "Changed" } }),
        json!({ "op": "update", "id": post.id, "if_match": post.etag, "value": { "title": "Changed" } }),
        json!({ "op": "update", "id": post.id, "if_match": post.etag, "value": { "title": "Late" } }),
        json!({ "op": "untrash", "id": post.id, "if_match": "2.2" }),
        json!({ "op": "explode" }),
    ];
    let told = batch(&author, &unique("key"), &items).await;
    let results = told["results"].as_array().unwrap();
    let statuses: Vec<_> = results
        .iter()
        .map(|result| result["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [422, 428, 200, 412, 409, 422], "{told:#}");
    let problem = &results[0]["problem"];
    assert_eq!(
        (&problem["code"], &problem["detail"]),
        (&alone["code"], &alone["detail"])
    );
    assert_eq!(problem["errors"][0]["pointer"], "/operations/0/value/title");
    assert_eq!(results[3]["problem"]["current_version"], 2);
    assert_eq!(results[4]["problem"]["code"], "illegal_transition");
}
