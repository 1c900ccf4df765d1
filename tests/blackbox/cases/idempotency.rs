//! Repeated requests with one `Idempotency-Key`.

use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::json;

use crate::harness::{ADMINISTRATOR, Post, cases, draft, shared, unique};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_repeated_creation_returns_the_first_answer_and_creates_nothing,
        a_repeated_publication_returns_the_first_answer,
        an_idempotency_key_of_another_request_is_rejected,
        concurrent_repetitions_create_one_post,
        idempotency_keys_are_rejected_where_the_answer_is_secret,
    ]
}

async fn a_repeated_creation_returns_the_first_answer_and_creates_nothing() {
    let author = shared::server().administrator().await;
    let (new, key) = (draft("repeated"), unique("key"));
    let send = || {
        author
            .post("/v1/posts")
            .header("Idempotency-Key", &key)
            .json(&new)
            .send()
    };
    let first = send().await.is(201);
    assert_eq!(first.header("idempotent-replayed"), "");
    // Later writes do not change the replayed answer.
    author
        .change(&Post::of(&first), &json!({ "title": "Later" }))
        .await
        .is(200);
    let second = send().await.is(201);
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(second.json(), first.json());
    for field in ["etag", "location", "content-type"] {
        assert_eq!(second.header(field), first.header(field), "{field}");
    }
    author.get(first.header("location")).send().await.is(200);
}

async fn a_repeated_publication_returns_the_first_answer() {
    let author = shared::server().administrator().await;
    let (post, key) = (author.create(&draft("republished")).await, unique("key"));
    let path = format!("{}/publish", post.path());
    let send = || {
        author
            .post(&path)
            .based_on(&post.etag)
            .header("Idempotency-Key", &key)
            .send()
    };
    let first = send().await.is(200);
    let second = send().await.is(200);
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(
        (second.json(), second.header("etag")),
        (first.json(), first.header("etag"))
    );
}

async fn an_idempotency_key_of_another_request_is_rejected() {
    let author = shared::server().administrator().await;
    let key = unique("key");
    let send = |new| {
        author
            .post("/v1/posts")
            .header("Idempotency-Key", &key)
            .json(&new)
            .send()
    };
    send(draft("first")).await.is(201);
    send(draft("second"))
        .await
        .refused(422, "idempotency_key_reused");
    for bad in ["", &"k".repeat(256), "with space"] {
        let call = author
            .post("/v1/posts")
            .header("Idempotency-Key", bad)
            .json(&draft("bad-key"));
        let problem = call.send().await.refused(400, "bad_header");
        assert_eq!(problem["errors"][0]["header"], "Idempotency-Key");
    }
}

async fn concurrent_repetitions_create_one_post() {
    let author = shared::server().administrator().await;
    let (new, key) = (draft("at-once"), unique("key"));
    let send = || {
        author
            .post("/v1/posts")
            .header("Idempotency-Key", &key)
            .json(&new)
            .send()
    };
    let answers = join_all((0..8).map(|_| send())).await;
    let posts: Vec<Post> = answers
        .into_iter()
        .map(|answer| Post::of(&answer.is(201)))
        .collect();
    assert!(
        posts
            .iter()
            .all(|post| post.id == posts[0].id && post.seen == posts[0].seen)
    );
}

async fn idempotency_keys_are_rejected_where_the_answer_is_secret() {
    let anonymous = shared::server().anonymous();
    let (email, password) = ADMINISTRATOR;
    for (path, body) in [
        (
            "/v1/auth/login",
            json!({ "email": email, "password": password }),
        ),
        ("/v1/auth/refresh", json!({ "refresh_token": "any" })),
        ("/v1/auth/logout", json!({ "refresh_token": "any" })),
    ] {
        let call = anonymous
            .post(path)
            .header("Idempotency-Key", "any")
            .json(&body);
        call.send().await.refused(400, "bad_header");
    }
}
