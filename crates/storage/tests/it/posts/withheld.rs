//! What a role may not do to a post, whatever the clock does meanwhile.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::{Caller, Role},
    posts::{Plan, PostPatch, StatusName, Transition, WorkingCopy},
};
use tintero_embedded::faults::FaultAction;

use crate::site::{Site, caller, draft, editor, once, site};

fn contributor() -> Caller {
    caller(Role::Contributor, 7)
}

/// A contributor's post that an editor planned to be public in a minute.
async fn a_planned_post(site: &Site) -> WorkingCopy {
    let created = site.posts.create(&contributor(), draft("Uno")).await;
    let copy = created.unwrap().shown.copy;
    let plan = Plan {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: None,
    };
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let planned = site.posts.schedule(&editor(), id, tag, plan).await;
    planned.unwrap().shown.copy
}

#[tokio::test]
async fn who_may_not_publish_may_not_cross_a_plan_out_by_trashing() {
    let site = site().await;
    let copy = a_planned_post(&site).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let (who, trash) = (contributor(), Transition::Trash);
    let refused = site.posts.transition(&who, id, tag, trash).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_post_whose_moment_comes_while_it_is_read_is_taken_for_public() {
    let site = site().await;
    let copy = a_planned_post(&site).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let hands = site.clock.clone();
    site.wire.on(move |call| {
        if call.operation == "Query" && call.nth == 1 {
            hands.forward(120_000);
        }
        FaultAction::Pass
    });
    let archive = Transition::Archive;
    let archived = site.posts.transition(&editor(), id, tag, archive).await;
    let status = &archived.unwrap().shown.copy.post.state.status;
    assert_eq!(status.name(), StatusName::Archived);
}

#[tokio::test]
async fn old_addresses_of_what_is_public_are_changed_by_who_may_publish() {
    let site = site().await;
    let copy = a_planned_post(&site).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let patch = PostPatch {
        aliases: Some(vec!["/2020/uno.html".parse().unwrap()]),
        ..PostPatch::default()
    };
    let refused = site
        .posts
        .update(&contributor(), id, tag, patch.clone())
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    site.posts.update(&editor(), id, tag, patch).await.unwrap();
}

#[tokio::test]
async fn a_repetition_of_what_made_a_purged_post_says_that_it_is_gone() {
    let site = site().await;
    let author = once(editor(), "key", "digest");
    let created = site.posts.create(&author, draft("Uno")).await.unwrap();
    let id = created.shown.copy.post.state.id;
    let tag = created.shown.copy.post.tag();
    let (who, trash) = (editor(), Transition::Trash);
    let trashed = site.posts.transition(&who, id, tag, trash).await;
    let tag = trashed.unwrap().shown.copy.post.tag();
    let administrator = caller(Role::Administrator, 9);
    site.posts.purge(&administrator, id, tag).await.unwrap();
    for _ in 0..2 {
        let again = site.posts.create(&author, draft("Uno")).await;
        assert!(matches!(again, Err(Error::Gone(_))), "{again:?}");
        site.posts.run_cleanup().await.unwrap();
    }
}
