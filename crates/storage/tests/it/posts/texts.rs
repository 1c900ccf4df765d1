//! The request that stores a new text: the transaction of its post, or a request before it.

use std::sync::{Arc, Mutex};

use tintero_domain::{posts::NewPost, values::Revision};
use tintero_embedded::faults::FaultAction;

use crate::site::{Site, body_patch, draft, editor, noise, site, title_patch};

/// The operations that write, in order.
async fn writes(site: &Site, work: impl Future<Output = ()>) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    site.wire.on(move |call| {
        if !["GetItem", "Query", "BatchGetItem"].contains(&call.operation) {
            noted.lock().unwrap().push(call.operation.to_owned());
        }
        FaultAction::Pass
    });
    work.await;
    site.wire.clear();
    seen.lock().unwrap().clone()
}

fn with_text(title: &str, length: usize) -> NewPost {
    let mut new = draft(title);
    new.manuscript.body = noise(length);
    new
}

#[tokio::test]
async fn a_small_text_is_part_of_the_transaction() {
    let site = site().await;
    let created = writes(&site, async {
        site.create(with_text("Uno", 4_000)).await;
    });
    assert_eq!(created.await, ["TransactWriteItems"]);
    let copy = site.create(draft("Dos")).await;
    let text = noise(4_000);
    let edited = writes(&site, async {
        site.update(&copy, body_patch(&text)).await;
    });
    assert_eq!(edited.await, ["TransactWriteItems"]);
    let found = site.read(copy.post.state.id).await;
    assert_eq!(found.manuscript.body, text);
}

#[tokio::test]
async fn a_large_text_is_stored_before_the_transaction() {
    let site = site().await;
    let created = writes(&site, async {
        site.create(with_text("Uno", 40_000)).await;
    });
    assert_eq!(created.await, ["PutItem", "TransactWriteItems"]);
    let copy = site.create(draft("Dos")).await;
    let text = noise(900_000);
    let edited = writes(&site, async {
        site.update(&copy, body_patch(&text)).await;
    });
    let edited = edited.await;
    let (last, chunks) = edited.split_last().unwrap();
    assert_eq!(last, "TransactWriteItems");
    assert!(
        chunks.len() > 1 && chunks.iter().all(|put| put == "PutItem"),
        "{chunks:?}"
    );
    let found = site.read(copy.post.state.id).await;
    assert_eq!(found.manuscript.body, text);
}

#[tokio::test]
async fn an_unchanged_text_is_not_stored_again_and_a_restored_one_is() {
    let (site, editor) = (site().await, editor());
    let first = site.create(with_text("Uno", 40_000)).await;
    let edited = writes(&site, async {
        site.update(&first, title_patch("Otro")).await;
    });
    assert_eq!(edited.await, ["TransactWriteItems"]);
    let second = site.read(first.post.state.id).await;
    let restored = writes(&site, async {
        let (id, tag) = (second.post.state.id, second.post.tag());
        let restored = site.posts.restore(&editor, id, tag, Revision(1), None);
        Box::pin(restored).await.unwrap();
    });
    assert_eq!(restored.await, ["PutItem", "TransactWriteItems"]);
}
