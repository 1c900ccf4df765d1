//! Scheduling by the system clock: no job runs, and every read shows the change on time.

use std::time::Duration;

use jiff::Timestamp;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Client, Post, cases, draft, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_post_appears_and_disappears_on_time,
        a_schedule_is_read_in_its_time_zone,
        an_archived_post_is_marked_and_a_purged_one_is_gone,
    ]
}

#[expect(
    clippy::disallowed_methods,
    reason = "these cases test the system clock"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

fn soon(seconds: i64) -> Timestamp {
    // Whole seconds, so that all formats agree.
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

/// Whether the post is public at its address and in the list of its tag.
async fn is_public(anonymous: &Client, post: &Post, tag: &str) -> (bool, bool) {
    let here = anonymous.get(&post.public_path()).send().await.status == 200;
    let listed = anonymous.get(&format!("/v1/posts?tag={tag}")).send().await;
    let items = listed.is(200).json()["items"].as_array().unwrap().len();
    (here, items == 1)
}

/// Polls until both match. Returns the last time of the old state and the first time of the new
/// state.
async fn turn(anonymous: &Client, post: &Post, tag: &str, wanted: bool) -> (Timestamp, Timestamp) {
    let mut before = now();
    loop {
        let asked = now();
        let seen = is_public(anonymous, post, tag).await;
        if seen == (wanted, wanted) {
            return (before, now());
        }
        before = asked;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_post_appears_and_disappears_on_time() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut new = draft("planned");
    let tag = new["slug"].as_str().unwrap().to_owned();
    new["tags"] = json!([tag]);
    let post = author.create(&new).await;
    let (appears, vanishes) = (soon(3), soon(5));
    let plan = json!({ "publish_at": appears.to_string(), "unpublish_at": vanishes.to_string() });
    let planned = author.schedule(&post, &plan).await.is(200).json();
    assert_eq!(planned["status"], "scheduled");
    let early = anonymous.get(&post.public_path()).send().await.is(404);
    assert_eq!(early.header("cache-control"), "no-store");
    let (hidden, shown) = turn(&anonymous, &post, &tag, true).await;
    assert!(
        hidden < appears,
        "it was still hidden when its second had come"
    );
    assert!(shown >= appears, "it was shown too early");
    let kept = anonymous.get(&post.public_path()).send().await.is(200);
    let cache = kept.header("cache-control");
    assert!(
        cache.starts_with("public, max-age=") && cache.ends_with("must-revalidate"),
        "{cache}"
    );
    let (_, gone) = turn(&anonymous, &post, &tag, false).await;
    assert!(gone >= vanishes, "it was removed too early");
    let after = author.get(&post.path()).send().await.is(200).json();
    assert_eq!(after["status"], "draft");
    assert_eq!(
        after["version"], planned["version"],
        "a scheduled change has no author"
    );
}

async fn a_schedule_is_read_in_its_time_zone() {
    let author = shared::server().administrator().await;
    let post = author.create(&draft("madrid")).await;
    let plan = json!({ "publish_at": "2100-07-01T09:00:00", "time_zone": "Europe/Madrid" });
    let planned = Post::of(&author.schedule(&post, &plan).await.is(200));
    assert_eq!(
        planned.seen["plan"]["publish_at"],
        "2100-07-01T07:00:00.000Z"
    );
    for (refused, pointer) in [
        (
            json!({ "publish_at": "2100-07-01T09:00:00" }),
            "/publish_at",
        ),
        (
            json!({ "publish_at": "2099-03-29T02:30:00", "time_zone": "Europe/Madrid" }),
            "/publish_at",
        ),
        (
            json!({ "publish_at": "2100-07-01T09:00:00Z", "time_zone": "Madrid" }),
            "/time_zone",
        ),
        (
            json!({ "publish_at": "2001-07-01T09:00:00Z" }),
            "/publish_at",
        ),
        (json!({}), "/publish_at"),
    ] {
        let answer = author.schedule(&planned, &refused).await.is(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{refused}");
    }
    author.transition(&planned, "unschedule").await.is(200);
}

async fn an_archived_post_is_marked_and_a_purged_one_is_gone() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut new = draft("kept");
    let tag = new["slug"].as_str().unwrap().to_owned();
    new["tags"] = json!([tag]);
    let post = author.create_published(&new).await;
    let archived = Post::of(&author.transition(&post, "archive").await.is(200));
    let seen = anonymous
        .get(&post.public_path())
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(seen["archived"], true);
    assert_eq!(is_public(&anonymous, &post, &tag).await, (true, false));
    let refused = author.purge(&archived).await.is(409).json();
    assert!(
        !refused["legal"]
            .as_array()
            .unwrap()
            .contains(&Value::from("purge"))
    );
    let trashed = Post::of(&author.transition(&archived, "trash").await.is(200));
    anonymous.get(&post.public_path()).send().await.is(410);
    author.purge(&trashed).await.is(204);
    anonymous.get(&post.public_path()).send().await.is(404);
    author.get(&post.path()).send().await.is(404);
    author.create(&new).await;
}
