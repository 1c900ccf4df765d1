//! What a write that was refused leaves of the texts that it wrote beforehand.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error,
    posts::{PostPatch, WorkingCopy},
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::client;

use crate::site::{Site, draft, editor, once, site, slug};

/// The sort keys of all pieces that lie in the table, of texts and of live copies.
async fn pieces(site: &Site) -> BTreeSet<String> {
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

fn body(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

/// Text that does not become smaller, so that its live copy lies in pieces of its own.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let letter = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b'A' + u8::try_from((state >> 33) % 58).unwrap())
    };
    (0..length)
        .map(letter)
        .filter(char::is_ascii_alphabetic)
        .collect()
}

async fn a_large_post(site: &Site) -> WorkingCopy {
    let mut new = draft("Grande");
    new.manuscript.body = noise(900_000);
    site.posts.create(&editor(), new).await.unwrap().shown.copy
}

#[tokio::test]
async fn a_refused_creation_leaves_nothing_of_its_text() {
    let site = site().await;
    site.a_post("Hola").await;
    let before = pieces(&site).await;
    let refused = site.posts.create(&editor(), draft("Hola")).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(pieces(&site).await, before);
}

#[tokio::test]
async fn a_refused_edit_leaves_nothing_of_its_text() {
    let site = site().await;
    site.a_post("Hola").await;
    let copy = site.a_post("Otro").await;
    let before = pieces(&site).await;
    let patch = PostPatch {
        slug: Some(slug("hola")),
        ..body("# Otro\n\nnuevo\n")
    };
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let refused = site.posts.update(&editor(), id, tag, patch).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(pieces(&site).await, before);
}

#[tokio::test]
async fn who_is_outrun_leaves_nothing_of_their_text() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let editor = editor();
    let (one, two) = tokio::join!(
        site.posts.update(&editor, id, tag, body("uno\n")),
        site.posts.update(&editor, id, tag, body("dos\n")),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(pieces(&site).await.len(), 2, "one text for each revision");
}

#[tokio::test]
async fn a_repetition_under_its_key_leaves_nothing_of_its_text() {
    let site = site().await;
    let caller = once(editor(), "key", "digest");
    let first = site.posts.create(&caller, draft("Hola")).await.unwrap();
    let again = site.posts.create(&caller, draft("Hola")).await.unwrap();
    assert_eq!((again.replayed, first.shown), (true, again.shown));
    assert_eq!(pieces(&site).await.len(), 1);
}

#[tokio::test]
async fn a_refused_publication_leaves_nothing_of_its_live_copy() {
    let site = site().await;
    let copy = a_large_post(&site).await;
    let before = pieces(&site).await;
    let (one, two) = tokio::join!(site.publish(&copy), site.publish(&copy));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let live: Vec<_> = pieces(&site).await.difference(&before).cloned().collect();
    let writes: BTreeSet<_> = live
        .iter()
        .map(|sk| sk.rsplit_once('#').unwrap().0)
        .collect();
    assert_eq!(writes.len(), 1, "pieces of one live copy: {live:?}");
    let found = site.posts.get_public(slug("grande"), None).await;
    assert!(found.is_ok(), "{found:?}");
}

#[tokio::test]
async fn a_text_stays_where_an_answer_was_lost_before_the_refusal() {
    let site = site().await;
    site.a_post("Hola").await;
    let before = pieces(&site).await.len();
    site.wire.on(|call| match (call.operation, call.nth) {
        // Refused, too; but nobody heard of it, so it could still be on its way.
        ("TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    let refused = site.posts.create(&editor(), draft("Hola")).await;
    site.wire.clear();
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
    assert_eq!(pieces(&site).await.len(), before + 1);
}

#[tokio::test]
async fn a_refusal_stays_what_it_is_when_its_text_cannot_be_removed() {
    let site = site().await;
    site.a_post("Hola").await;
    site.wire.on(|call| match call.operation {
        "BatchWriteItem" => FaultAction::CrashBefore,
        _ => FaultAction::Pass,
    });
    let refused = site.posts.create(&editor(), draft("Hola")).await;
    assert!(matches!(refused, Err(Error::SlugTaken(_))), "{refused:?}");
}
