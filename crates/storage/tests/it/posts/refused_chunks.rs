//! Chunks that remain after a refused write of a text that is too large for the transaction.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error,
    posts::{NewPost, PostPatch},
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::client;

use crate::site::{Site, body_patch, draft, editor, noise, once, site, slug};

/// A text that is stored before the transaction, in one chunk.
fn large_text() -> String {
    noise(40_000)
}

fn large(title: &str) -> NewPost {
    let mut new = draft(title);
    new.manuscript.body = large_text();
    new
}

/// The sort keys of all chunks of texts and live copies.
async fn chunks(site: &Site) -> BTreeSet<String> {
    let tables = client::embedded(site.wire.http_client()).requests;
    let all = tables.scan().table_name("t-posts").send().await.unwrap();
    let places = all.items().iter().filter_map(|item| match &item["sk"] {
        AttributeValue::S(sk) => Some(sk.clone()),
        _ => None,
    });
    places
        .filter(|sk| sk.starts_with("BODY#") || sk.starts_with("PUB#"))
        .collect()
}

#[tokio::test]
async fn a_refused_write_leaves_no_chunk() {
    let site = site().await;
    site.a_published_post("Hola").await;
    let copy = site.a_post("Otro").await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let before = chunks(&site).await;
    let refused = site.posts.create(&editor(), large("Hola")).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(chunks(&site).await, before);
    let patch = PostPatch {
        slug: Some(slug("hola")),
        ..body_patch(&large_text())
    };
    let refused = site.posts.update(&editor(), id, tag, patch).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(chunks(&site).await, before);
}

#[tokio::test]
async fn a_stale_edit_leaves_no_chunk() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let editor = site.by(&editor());
    let (one, two) = tokio::join!(
        editor.update(&copy, body_patch(&format!("uno {}", large_text()))),
        editor.update(&copy, body_patch(&format!("dos {}", large_text()))),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(chunks(&site).await.len(), 2, "one text per revision");
}

#[tokio::test]
async fn a_repeated_write_leaves_no_chunk() {
    let site = site().await;
    let caller = once(editor(), "key", "digest");
    let first = site.posts.create(&caller, large("Hola")).await.unwrap();
    let again = site.posts.create(&caller, large("Hola")).await.unwrap();
    assert_eq!((again.replayed, first.rendered), (true, again.rendered));
    assert_eq!(chunks(&site).await.len(), 1);
}

#[tokio::test]
async fn a_refused_publication_leaves_no_chunk_of_its_live_copy() {
    let site = site().await;
    let mut new = draft("Grande");
    new.manuscript.body = noise(900_000);
    let copy = site.create(new).await;
    let before = chunks(&site).await;
    let (one, two) = tokio::join!(site.publish(&copy), site.publish(&copy));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let live: Vec<_> = chunks(&site).await.difference(&before).cloned().collect();
    let writes: BTreeSet<_> = live
        .iter()
        .map(|sk| sk.rsplit_once('#').unwrap().0)
        .collect();
    assert_eq!(writes.len(), 1, "chunks of one live copy: {live:?}");
    let found = site.public("grande").await;
    assert!(found.is_ok(), "{found:?}");
}

#[tokio::test]
async fn chunks_remain_if_a_response_was_lost_before_the_refusal() {
    let site = site().await;
    site.a_published_post("Hola").await;
    let before = chunks(&site).await.len();
    site.wire.on(|call| match (call.operation, call.nth) {
        // Also refused. Without a response, the client cannot know that it is not in flight.
        ("TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    let refused = site.posts.create(&editor(), large("Hola")).await;
    site.wire.clear();
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(chunks(&site).await.len(), before + 1);
}

#[tokio::test]
async fn a_failed_deletion_of_chunks_does_not_hide_the_refusal() {
    let site = site().await;
    site.a_published_post("Hola").await;
    site.wire.on(|call| match call.operation {
        "BatchWriteItem" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let refused = site.posts.create(&editor(), large("Hola")).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
}
