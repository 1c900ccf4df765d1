//! Revisions stay readable, comparable and restorable; no accepted write is lost.

use std::collections::BTreeSet;

use futures::future::join_all;
use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Post, Setup, cases, draft, shared, size};

pub(super) fn all() -> Vec<Trial> {
    cases![
        a_revision_is_restored,
        stale_edits_of_other_lines_are_merged,
        an_autosave_is_kept_until_the_next_save,
        a_taken_slug_returns_free_suggestions,
        sixteen_writers_lose_no_accepted_edit_of_one_post,
    ]
}

/// Writers of one post.
const WRITERS: usize = 16;
/// Accepted edits per writer. A soak uses more.
const EDITS: usize = 25;

async fn a_revision_is_restored() {
    let author = shared::server().administrator().await;
    let first = author.create(&draft("history")).await;
    let patch = json!({ "body": "Otro.\n", "tags": ["nubes"], "note": "De prisa" });
    let second = Post::of(&author.change(&first, &patch).await.is(200));
    let history = format!("{}/revisions", first.path());
    let rows = author.walk(&format!("{history}?limit=1")).await;
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (&rows[0]["note"], &rows[0]["bytes"]),
        (&json!("De prisa"), &json!(6))
    );

    let diff = author
        .get(&format!("{history}/2/diff?from=1"))
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(
        diff["fields"]["tags"],
        json!({ "from": [], "to": ["nubes"] })
    );
    assert!(
        diff["body"]["unified"]
            .as_str()
            .unwrap()
            .ends_with("+Otro.\n")
    );

    let restore = author
        .post(&format!("{history}/1/restore"))
        .based_on(&second.etag);
    let restored = Post::of(
        &restore
            .header("Idempotency-Key", &second.id)
            .send()
            .await
            .is(200),
    );
    for member in ["title", "body", "tags", "slug"] {
        assert_eq!(restored.seen[member], first.seen[member], "{member}");
    }
    let kept = author
        .get(&format!("{history}/3"))
        .send()
        .await
        .is(200)
        .json();
    assert_eq!(
        (&kept["restored_from"], &kept["body"]),
        (&json!(1), &first.seen["body"])
    );
    author
        .get(&format!("{history}/4"))
        .send()
        .await
        .refused(404, "not_found");
}

async fn stale_edits_of_other_lines_are_merged() {
    let author = shared::server().administrator().await;
    let mut new = draft("merged");
    new["body"] = "uno\n\ndos\n\ntres\n".into();
    let base = author.create(&new).await;
    author
        .change(&base, &json!({ "body": "UNO\n\ndos\n\ntres\n" }))
        .await
        .is(200);
    let late = |text: &str| {
        let call = author.patch(&format!("{}?merge=auto", base.path()));
        call.based_on(&base.etag)
            .json(&json!({ "body": text }))
            .send()
    };
    let merged = late("uno\n\ndos\n\nTRES\n").await.is(200).json();
    assert_eq!(merged["body"], "UNO\n\ndos\n\nTRES\n");
    assert_eq!(merged["merged"], true);
    assert!(
        merged["diff"]["body"]["unified"]
            .as_str()
            .unwrap()
            .contains("+UNO\n")
    );
    let conflict = late("otro\n\ndos\n\ntres\n").await.refused(412, "stale");
    assert_eq!(conflict["body"]["hunks"][0]["line"], 1);
    for link in conflict["links"].as_object().unwrap().values() {
        author.get(link.as_str().unwrap()).send().await.is(200);
    }
}

async fn an_autosave_is_kept_until_the_next_save() {
    let author = shared::server().administrator().await;
    let post = author.create(&draft("aside")).await;
    let path = format!("{}/autosave", post.path());
    let aside = json!({ "base_revision": 1, "body": "A med" });
    author
        .call(Method::PUT, &path)
        .json(&aside)
        .send()
        .await
        .is(200);
    let kept = author.get(&path).send().await.is(200).json();
    assert_eq!(
        (&kept["body"], &kept["current_revision"]),
        (&json!("A med"), &json!(1))
    );
    let now = Post::of(&author.get(&post.path()).send().await.is(200));
    assert_eq!((&now.etag, &now.seen), (&post.etag, &post.seen));
    author
        .change(&post, &json!({ "body": "A medias.\n" }))
        .await
        .is(200);
    author.get(&path).send().await.refused(404, "not_found");
    author.call(Method::DELETE, &path).send().await.is(204);
}

async fn a_taken_slug_returns_free_suggestions() {
    let author = shared::server().administrator().await;
    let mut new = draft("taken");
    author.create_published(&new).await;
    for _ in 0..2 {
        let refused = author.post("/v1/posts").json(&new).send().await;
        let free = refused.refused(409, "slug_taken")["suggestions"].clone();
        assert_eq!(free.as_array().unwrap().len(), 3);
        new["slug"] = free[0].clone();
        author.create_published(&new).await;
    }
}

async fn sixteen_writers_lose_no_accepted_edit_of_one_post() {
    let edits = size("TINTERO_TEST_EDITS", EDITS);
    let server = Setup::memory().start();
    let author = server.administrator().await;
    let post = author.create(&draft("disputed")).await;
    let writers = (0..WRITERS).map(|writer| write(&author, &post, writer, edits));
    let accepted: Vec<(u64, String)> = join_all(writers).await.into_iter().flatten().collect();

    let total = (WRITERS * edits) as u64;
    let versions: BTreeSet<u64> = accepted.iter().map(|(version, _)| *version).collect();
    assert_eq!(
        versions,
        (2..=total + 1).collect(),
        "each accepted edit has a version of its own"
    );
    let history = author
        .walk(&format!("{}/revisions?limit=100", post.path()))
        .await;
    let numbers: Vec<u64> = history
        .iter()
        .map(|row| row["revision"].as_u64().unwrap())
        .collect();
    assert_eq!(
        numbers,
        (1..=total + 1).rev().collect::<Vec<_>>(),
        "the history has all of them"
    );
    let told: BTreeSet<(u64, &str)> = history
        .iter()
        .map(|row| {
            (
                row["revision"].as_u64().unwrap(),
                row["note"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    for (version, text) in &accepted {
        assert!(
            told.contains(&(*version, text)),
            "{text} is version {version}"
        );
    }
    let now = author.get(&post.path()).send().await.is(200).json();
    let (_, last) = accepted.iter().max().unwrap();
    assert_eq!(
        (&now["version"], &now["body"]),
        (&json!(total + 1), &json!(last))
    );
}

/// Edits a post until `count` edits were accepted.
async fn write(author: &Client, post: &Post, writer: usize, edits: usize) -> Vec<(u64, String)> {
    let mut accepted = vec![];
    let mut etag = post.etag.clone();
    while accepted.len() < edits {
        let text = format!("writer {writer}, edit {}", accepted.len());
        let patch: Value = json!({ "body": text, "note": text });
        let call = author.patch(&post.path()).based_on(&etag).json(&patch);
        let answer = call.send().await;
        match answer.status {
            200 => {
                let post = Post::of(&answer);
                etag.clone_from(&post.etag);
                accepted.push((post.seen["version"].as_u64().unwrap(), text));
            }
            412 => answer.header("etag").clone_into(&mut etag),
            // Contention has its own code, which asks the client to retry.
            _ => assert_eq!(answer.refused(409, "contended")["status"], 409),
        }
    }
    accepted
}
