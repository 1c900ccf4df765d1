use std::sync::Arc;

use tintero_domain::{Error, posts::RenderedPost};
use tintero_embedded::faults::FaultAction;

use crate::site::{body_patch, editor, site};

#[tokio::test]
async fn of_two_edits_of_one_version_one_is_accepted_and_one_gets_the_conflict() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let tag = copy.post.tag();
    let editor = site.by(&editor());
    let (one, two) = tokio::join!(
        editor.update(&copy, body_patch("# Hola\n\nuno\n")),
        editor.update(&copy, body_patch("# Hola\n\ndos\n")),
    );
    let (accepted, refused) = match (one, two) {
        (Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted)) => (accepted, refused),
        both => panic!("{both:?}"),
    };
    let Error::Stale(conflict) = refused else {
        panic!("{refused}")
    };
    assert_eq!(conflict.current, accepted.post.tag());
    assert_eq!(conflict.base_revision, tag.revision);
    let hunks = conflict.body.unwrap();
    assert_eq!(hunks.len(), 1);
    assert_eq!(hunks[0].base, "Texto de *Hola*.\n");
    assert_eq!(site.read(copy.post.state.id).await, accepted);
}

/// Sixteen writers edit one body while requests crash or lose their responses. The body always
/// matches the version of the post, and no version is given to two edits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writers_with_crashes_lose_no_accepted_edit() {
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
                let Ok(RenderedPost { copy: found, .. }) = site.posts.get(&editor(), id).await
                else {
                    continue;
                };
                let text = format!("writer {writer}, step {step}\n");
                let updated = site.by(&editor()).update(&found, body_patch(&text)).await;
                if let Ok(updated) = updated {
                    accepted.push((updated.post.state.version.0, text));
                }
                let (first, second) = (site.read(id).await, site.read(id).await);
                // Two reads of one version return one text, never the text of a refused write.
                if first.post.tag() == second.post.tag() {
                    assert_eq!(first.manuscript, second.manuscript);
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
    assert_eq!(versions, distinct, "no version is given to two writers");
    let last = site.read(id).await;
    let (version, text) = accepted.last().expect("an edit is accepted");
    // A write whose response was lost may be stored without being acknowledged.
    if *version == last.post.state.version.0 {
        assert_eq!(last.manuscript.body, *text);
    } else {
        assert!(last.post.state.version.0 > *version);
    }
}
