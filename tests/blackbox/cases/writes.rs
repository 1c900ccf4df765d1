//! No update is lost.

use std::collections::BTreeSet;

use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Client, Post, cases, draft, shared};

pub(super) fn all() -> Vec<Trial> {
    cases![
        of_two_concurrent_edits_one_is_accepted_and_one_gets_both_versions,
        every_accepted_edit_has_a_version_of_its_own,
        a_post_goes_through_every_status,
    ]
}

async fn of_two_concurrent_edits_one_is_accepted_and_one_gets_both_versions() {
    let author = shared::server().administrator().await;
    let text = |middle: &str| format!("first\n{middle}\nlast\n");
    let mut new = draft("two-writers");
    new["body"] = text("middle").into();
    let base = author.create(&new).await;
    let (ours, theirs) = (
        json!({ "title": "Ours", "body": text("ours") }),
        json!({ "title": "Theirs", "body": text("theirs") }),
    );
    let answers = tokio::join!(author.change(&base, &ours), author.change(&base, &theirs));
    let (won, lost, winner, loser) = match answers {
        (won, lost) if won.status == 200 => (won, lost, ours, theirs),
        (lost, won) => (won, lost, theirs, ours),
    };
    let won = Post::of(&won.is(200));
    let etag = lost.header("etag").to_owned();
    let conflict = lost.refused(412, "stale");

    assert_eq!(etag, won.etag, "the error contains the current state");
    assert_eq!(conflict["current_version"], won.seen["version"]);
    assert_eq!(conflict["base_revision"], base.seen["revision"]);
    let title = &conflict["conflicts"]["title"];
    assert_eq!(title["base"], base.seen["title"], "{conflict:#}");
    assert_eq!(
        (&title["current"], &title["yours"]),
        (&winner["title"], &loser["title"])
    );
    let hunks = conflict["body"]["hunks"]
        .as_array()
        .expect("the texts collide");
    assert_eq!(hunks.len(), 1, "{conflict:#}");
    let held = |side: &str, text: &str| hunks[0][side].as_str().unwrap().contains(text);
    let line = |patch: &Value| patch["title"].as_str().unwrap().to_lowercase();
    assert!(
        held("base", "middle") && held("current", &line(&winner)) && held("yours", &line(&loser))
    );

    let now = author.get(&base.path()).send().await.is(200);
    assert_eq!(
        now.json()["body"],
        winner["body"],
        "the refused change left no trace"
    );
}

async fn every_accepted_edit_has_a_version_of_its_own() {
    let author = shared::server().administrator().await;
    let post = author.create(&draft("many-writers")).await;
    let writers = (0..16).map(|writer| write_three_times(&author, &post, writer));
    let mut accepted: Vec<Post> = join_all(writers).await.into_iter().flatten().collect();

    accepted.sort_by_key(|post| post.seen["version"].as_u64());
    let versions: BTreeSet<u64> = accepted
        .iter()
        .map(|post| post.seen["version"].as_u64().unwrap())
        .collect();
    assert_eq!(versions, (2..=49).collect(), "48 changes were accepted");
    let last = accepted.last().unwrap();
    let now = Post::of(&author.get(&post.path()).send().await.is(200));
    assert_eq!((&now.etag, &now.seen), (&last.etag, &last.seen));
}

/// Edits a post until three edits were accepted.
async fn write_three_times(author: &Client, post: &Post, writer: usize) -> Vec<Post> {
    let mut accepted = vec![];
    let mut etag = post.etag.clone();
    while accepted.len() < 3 {
        let text = format!("writer {writer}, change {}\n", accepted.len());
        let patch = author
            .patch(&post.path())
            .based_on(&etag)
            .json(&json!({ "body": text }));
        let answer = patch.send().await;
        match answer.status {
            200 => {
                let post = Post::of(&answer);
                assert_eq!(
                    post.seen["body"], text,
                    "the answer shows this writer's change"
                );
                etag.clone_from(&post.etag);
                accepted.push(post);
            }
            412 => answer.header("etag").clone_into(&mut etag),
            // Contention has its own code, which asks the client to retry.
            _ => assert_eq!(answer.refused(409, "contended")["status"], 409),
        }
    }
    accepted
}

async fn a_post_goes_through_every_status() {
    let server = shared::server();
    let (anonymous, author) = (server.anonymous(), server.administrator().await);
    let mut post = author.create(&draft("whole-life")).await;
    for (transition, member, value) in [
        ("submit", "review", "requested"),
        ("request-changes", "review", "changes_requested"),
        ("publish", "status", "published"),
        ("unpublish", "status", "draft"),
        ("trash", "status", "trashed"),
        ("untrash", "status", "draft"),
    ] {
        post = Post::of(&author.transition(&post, transition).await.is(200));
        assert_eq!(post.seen[member], value, "{transition}");
    }
    author
        .transition(&post, "untrash")
        .await
        .refused(409, "illegal_transition");

    let published = author.publish(&post).await;
    anonymous.get(&published.public_path()).send().await.is(200);
    author.transition(&published, "trash").await.is(200);
    anonymous
        .get(&published.public_path())
        .send()
        .await
        .refused(410, "gone");
}
