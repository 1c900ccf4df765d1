//! Permissions around scheduled and deleted posts.

use tintero_domain::{
    Error,
    access::{Caller, Role},
    posts::{PostPatch, StatusName, Transition, TranslationPatch, WorkingCopy},
};
use tintero_embedded::faults::FaultAction;

use crate::site::{Site, caller, draft, editor, once, schedule, site};

fn contributor() -> Caller {
    caller(Role::Contributor, 7)
}

/// A contributor's post that an editor has scheduled for publication in a minute.
async fn a_scheduled_post(site: &Site) -> WorkingCopy {
    let created = site.by(&contributor()).create(draft("Uno")).await;
    site.schedule(&created.unwrap(), schedule(Some(60), None))
        .await
}

#[tokio::test]
async fn a_contributor_may_not_trash_a_scheduled_post() {
    let site = site().await;
    let copy = a_scheduled_post(&site).await;
    let contributor = site.by(&contributor());
    let refused = contributor.transition(&copy, Transition::Trash).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_post_that_becomes_public_during_a_read_is_treated_as_public() {
    let site = site().await;
    let copy = a_scheduled_post(&site).await;
    let clock = site.clock.clone();
    site.wire.on(move |call| {
        if call.operation == "Query" && call.nth == 1 {
            clock.forward(120_000);
        }
        FaultAction::Pass
    });
    let archived = site.transition(&copy, Transition::Archive).await;
    assert_eq!(archived.post.state.status.name(), StatusName::Archived);
}

#[tokio::test]
async fn old_paths_of_a_public_post_require_the_permission_to_publish() {
    let site = site().await;
    let copy = a_scheduled_post(&site).await;
    let patch = PostPatch {
        aliases: Some(vec!["/2020/uno.html".parse().unwrap()]),
        ..PostPatch::default()
    };
    let refused = site.by(&contributor()).update(&copy, patch.clone()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    site.update(&copy, patch).await;
}

#[tokio::test]
async fn restoring_old_paths_of_a_public_post_requires_the_permission_to_publish() {
    let site = site().await;
    let contributor = contributor();
    let author = site.by(&contributor);
    let mut new = draft("Uno");
    new.aliases = vec!["/2020/uno.html".parse().unwrap()];
    let first = author.create(new).await.unwrap();
    let patch = PostPatch {
        aliases: Some(Vec::new()),
        ..PostPatch::default()
    };
    author.update(&first, patch).await.unwrap();
    let id = first.post.state.id;
    let copy = site.posts.get(&contributor, id).await.unwrap().copy;
    let scheduled = site.schedule(&copy, schedule(Some(60), None)).await;
    let (tag, revision) = (scheduled.post.tag(), first.post.state.revision);
    let refused = site.posts.restore(&contributor, id, tag, revision, None);
    assert!(matches!(refused.await, Err(Error::Forbidden(_))));
    let restored = site.posts.restore(&editor(), id, tag, revision, None).await;
    let content = restored.unwrap().rendered.copy.post.content;
    assert_eq!(content.aliases, first.post.content.aliases);
}

#[tokio::test]
async fn the_translated_post_of_a_public_post_requires_the_permission_to_publish() {
    let site = site().await;
    let source = site.a_published_post("Fuente").await;
    let contributor = contributor();
    let mut new = draft("One");
    new.locale = "en".parse().ok();
    let copy = site.by(&contributor).create(new).await.unwrap();
    let copy = site.publish(&copy).await.unwrap();
    let patch = PostPatch {
        translation: Some(Some(TranslationPatch {
            of: Some(source.post.state.id),
            source_revision: Some(source.post.state.revision),
        })),
        ..PostPatch::default()
    };
    let refused = site.by(&contributor).update(&copy, patch.clone()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    site.update(&copy, patch).await;
}

#[tokio::test]
async fn a_repeated_creation_of_a_purged_post_returns_gone() {
    let site = site().await;
    let author = site.by(&once(editor(), "key", "digest"));
    let created = author.create(draft("Uno")).await.unwrap();
    let trashed = site.transition(&created, Transition::Trash).await;
    let (id, tag) = (trashed.post.state.id, trashed.post.tag());
    let administrator = caller(Role::Administrator, 9);
    site.posts.purge(&administrator, id, tag).await.unwrap();
    for _ in 0..2 {
        let again = author.create(draft("Uno")).await;
        assert!(matches!(again, Err(Error::Gone(_))), "{again:?}");
        site.posts.run_cleanup().await.unwrap();
    }
}
