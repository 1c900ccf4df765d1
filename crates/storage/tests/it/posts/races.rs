use std::sync::Arc;

use tintero_domain::{
    Error,
    posts::{PostPatch, RenderedPost},
};
use tintero_embedded::faults::FaultAction;

use crate::site::{editor, site};

fn body(text: &str) -> PostPatch {
    PostPatch {
        body: Some(text.to_owned()),
        ..PostPatch::default()
    }
}

#[tokio::test]
async fn of_two_edits_from_one_state_one_is_accepted_and_one_is_told_what_happened() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let editor = editor();
    let (one, two) = tokio::join!(
        site.posts.update(&editor, id, tag, body("# Hola\n\nuno\n")),
        site.posts.update(&editor, id, tag, body("# Hola\n\ndos\n")),
    );
    let (accepted, refused) = match (one, two) {
        (Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted)) => (accepted, refused),
        both => panic!("{both:?}"),
    };
    let Error::Stale(conflict) = refused else {
        panic!("{refused}")
    };
    assert_eq!(conflict.current, accepted.shown.copy.post.tag());
    assert_eq!(conflict.base_revision, tag.revision);
    let hunks = conflict.body.unwrap();
    assert_eq!(hunks.len(), 1);
    assert_eq!(hunks[0].base, "Texto de *Hola*.\n");
    assert_eq!(
        site.posts.get(&editor, id).await.unwrap().copy,
        accepted.shown.copy
    );
}

/// Sixteen writers edit one body; the connection of any of them may break between the text and
/// the summary, or after the summary was written. Whatever happens, the body that is read is that
/// of the version that the post claims, and every accepted edit was based on the one before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_writers_with_crashes_in_between_lose_no_accepted_edit() {
    let site = Arc::new(site().await);
    let copy = site.a_post("Disputado").await;
    let id = copy.post.state.id;
    site.wire.on(|call| match (call.operation, call.nth % 7) {
        ("TransactWriteItems", 3) => FaultAction::CrashBefore,
        ("TransactWriteItems", 5) | ("PutItem", 6) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let site = Arc::clone(&site);
        writers.spawn(async move {
            let mut accepted = Vec::new();
            for step in 0..6 {
                let Ok(RenderedPost { copy: found, .. }) = site.posts.get(&editor(), id).await else {
                    continue;
                };
                let text = format!("writer {writer}, step {step}\n");
                if let Ok(effect) = site
                    .posts
                    .update(&editor(), id, found.post.tag(), body(&text))
                    .await
                {
                    accepted.push((effect.shown.copy.post.state.version.0, text));
                }
                let seen = site.posts.get(&editor(), id).await.unwrap().copy;
                let claimed = site.posts.get(&editor(), id).await.unwrap().copy;
                // Two reads of one version show one text: no orphan ever takes its place.
                if seen.post.tag() == claimed.post.tag() {
                    assert_eq!(seen.manuscript, claimed.manuscript);
                }
            }
            accepted
        });
    }
    let mut accepted: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    site.wire.clear();
    accepted.sort();
    let versions: Vec<_> = accepted.iter().map(|(version, _)| *version).collect();
    let mut distinct = versions.clone();
    distinct.dedup();
    assert_eq!(versions, distinct, "no version was given to two writers");
    let last = site.posts.get(&editor(), id).await.unwrap().copy;
    let (version, text) = accepted.last().expect("somebody wrote");
    // A write whose answer was lost for good may be in without having been acknowledged.
    if *version == last.post.state.version.0 {
        assert_eq!(last.manuscript.body, *text);
    } else {
        assert!(last.post.state.version.0 > *version);
    }
}
