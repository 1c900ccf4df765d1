//! Renaming and merging tags under concurrent reads and writes, and across power cuts.

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::merges::wait_for;
use crate::harness::{Client, Setup, cases, draft, shared, unique};

/// Posts with the renamed tag.
const POSTS: usize = 60;
/// Concurrent writes while posts are created.
const AT_ONCE: usize = 4;

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_rename_resumes_after_a_power_cut_and_keeps_the_old_name_as_an_alias,
        tags_are_merged_and_a_name_is_used_again,
    ]
}

async fn a_post_tagged(author: &Client, tags: &Value) -> String {
    let mut new = draft("tagged");
    new["tags"] = tags.clone();
    author.create_published(&new).await.id
}

/// Ids of all posts with a tag. Asserts that each is listed once.
async fn listed(anonymous: &Client, tag: &str) -> BTreeSet<String> {
    let rows = anonymous
        .walk(&format!("/v1/posts?limit=25&tag={tag}"))
        .await;
    let ids: BTreeSet<_> = rows
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), rows.len(), "{tag} shows a post twice");
    ids
}

/// Number of posts with a tag, if the tag exists.
async fn counted(anonymous: &Client, tag: &str) -> Option<Value> {
    let tags = anonymous.walk("/v1/tags?limit=100").await;
    let known = tags.into_iter().find(|known| known["tag"] == tag);
    known.map(|known| known["post_count"].clone())
}

async fn a_rename_resumes_after_a_power_cut_and_keeps_the_old_name_as_an_alias() {
    let setup = Setup::embedded();
    let server = setup.start();
    let author = server.administrator().await;
    let token = author.token().to_owned();
    let mut posts: BTreeSet<String> = stream::iter(0..POSTS)
        .map(async |_| a_post_tagged(&author, &json!(["Old", "other"])).await)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let rename = author.patch("/v1/tags/OLD").json(&json!({ "name": "New" }));
    let accepted = rename.send().await.is(202);
    let operation = accepted.header("location").to_owned();
    wait_for(&author, &operation, Some(POSTS / 3)).await;
    server.kill();

    let server = setup.start();
    let (author, anonymous) = (server.holder_of(&token), server.anonymous());
    for tag in ["old", "new"] {
        assert_eq!(listed(&anonymous, tag).await, posts, "{tag}");
    }
    // The client has not seen the rename.
    posts.insert(a_post_tagged(&author, &json!(["old"])).await);
    wait_for(&author, &operation, None).await;
    for tag in ["old", "new"] {
        assert_eq!(listed(&anonymous, tag).await, posts, "{tag}");
    }
    assert_eq!(counted(&anonymous, "new").await, Some(json!(POSTS + 1)));
    assert_eq!(counted(&anonymous, "old").await, None);
    let seen = author.get(&operation).send().await.is(200).json();
    assert_eq!(
        (&seen["done"], &seen["errors"]),
        (&json!(POSTS), &json!([]))
    );
    for row in anonymous.walk("/v1/posts?limit=100&tag=other").await {
        assert_eq!(row["tags"], json!(["New", "other"]));
    }
}

async fn tags_are_merged_and_a_name_is_used_again() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let (from, into) = (unique("from"), unique("into"));
    let both = a_post_tagged(&author, &json!([from, into])).await;
    let one = a_post_tagged(&author, &json!([from])).await;
    let path = format!("/v1/tags/{from}");
    let taken = author.patch(&path).json(&json!({ "name": into }));
    taken.send().await.refused(409, "tag_taken");
    let merge = author.post(&format!("{path}/merge"));
    let accepted = merge.json(&json!({ "into": into })).send().await.is(202);
    let posts = BTreeSet::from([both, one]);
    assert_eq!(listed(&anonymous, &into).await, posts);
    wait_for(&author, accepted.header("location"), None).await;
    assert_eq!(counted(&anonymous, &into).await, Some(json!(2)));
    author
        .patch(&path)
        .json(&json!({ "name": unique("third") }))
        .send()
        .await
        .refused(404, "not_found");
    let back = author.patch(&format!("/v1/tags/{into}"));
    let back = back.json(&json!({ "name": from })).send().await.is(202);
    assert_eq!(listed(&anonymous, &from).await, posts);
    assert_eq!(listed(&anonymous, &into).await, posts);
    wait_for(&author, back.header("location"), None).await;
    assert_eq!(counted(&anonymous, &from).await, Some(json!(2)));
}
