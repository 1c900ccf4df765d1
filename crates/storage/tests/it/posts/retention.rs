use tintero_domain::{
    Error,
    page::{Limit, PageRequest},
    posts::{Transition, WorkingCopy},
    values::{PostId, Revision},
};
use tintero_embedded::faults::FaultAction;

use crate::site::{Site, body_patch, editor, once, site, title_patch};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Edits a post up to a revision. Every third edit keeps the text.
async fn edit_up_to(site: &Site, mut copy: WorkingCopy, revision: u64) -> WorkingCopy {
    while copy.post.state.revision.0 < revision {
        let n = copy.post.state.revision.0 + 1;
        let patch = if n.is_multiple_of(3) {
            title_patch(&format!("Título {n}"))
        } else {
            body_patch(&format!("Texto {n}\n"))
        };
        copy = site.update(&copy, patch).await;
    }
    copy
}

async fn kept(site: &Site, id: PostId) -> Vec<u64> {
    let mut page = PageRequest {
        limit: Limit::new(100).unwrap(),
        cursor: None,
    };
    let mut rows = Vec::new();
    loop {
        let found = site.posts.list_revisions(&editor(), id, &page).await;
        let found = found.unwrap();
        rows.extend(found.items.iter().map(|row| row.revision.0));
        page.cursor = found.next;
        if page.cursor.is_none() {
            return rows;
        }
    }
}

/// Asserts that every listed revision has its text.
async fn all_are_whole(site: &Site, id: PostId) {
    for n in kept(site, id).await {
        let copy = site.posts.get_revision(&editor(), id, Revision(n)).await;
        let body = copy.unwrap().manuscript.body;
        let text = if n == 1 {
            "# Hola".to_owned()
        } else {
            format!("Texto {}\n", n - u64::from(n.is_multiple_of(3)))
        };
        assert!(body.starts_with(&text), "{n}: {body}");
    }
}

#[tokio::test]
async fn after_a_day_only_the_newest_hundred_and_published_revisions_are_kept() {
    let site = site().await;
    let copy = edit_up_to(&site, site.a_post("Hola").await, 7).await;
    let id = copy.post.state.id;
    let copy = site.publish(&copy).await.unwrap();
    let copy = edit_up_to(&site, copy, 125).await;
    assert_eq!(kept(&site, id).await.len(), 125);
    site.clock.forward(DAY);
    let copy = edit_up_to(&site, copy, 139).await;
    assert_eq!(
        kept(&site, id).await.len(),
        139,
        "retention runs every twenty revisions"
    );
    edit_up_to(&site, copy, 140).await;
    let expected: Vec<_> = (41..=140).rev().chain([7]).collect();
    assert_eq!(kept(&site, id).await, expected);
    all_are_whole(&site, id).await;
    let gone = site.posts.get_revision(&editor(), id, Revision(40)).await;
    assert!(matches!(gone, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_failed_retention_run_is_completed_by_the_next_one() {
    for nth in 1..=4 {
        let site = site().await;
        let copy = edit_up_to(&site, site.a_post("Hola").await, 119).await;
        let id = copy.post.state.id;
        site.clock.forward(2 * DAY);
        let mut calls = 0;
        site.wire.on(move |call| {
            let is_step = call.operation == "BatchWriteItem"
                || (call.operation == "Query" && call.body["Limit"] == 200);
            calls += u32::from(is_step);
            if is_step && calls == nth {
                FaultAction::CrashBefore
            } else {
                FaultAction::Pass
            }
        });
        let copy = edit_up_to(&site, copy, 120).await;
        site.wire.clear();
        all_are_whole(&site, id).await;
        site.clock.forward(2 * DAY);
        edit_up_to(&site, copy, 140).await;
        assert_eq!(kept(&site, id).await.len(), 100, "{nth}");
        all_are_whole(&site, id).await;
    }
}

#[tokio::test]
async fn an_old_revision_is_kept_for_a_day_after_a_write_with_a_key() {
    let site = site().await;
    let copy = edit_up_to(&site, site.a_post("Hola").await, 10).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    site.clock.forward(5 * DAY);
    let caller = once(editor(), "key", "digest");
    let submit = || site.posts.transition(&caller, id, tag, Transition::Submit);
    let first = submit().await.unwrap();
    edit_up_to(&site, first.rendered.copy.clone(), 140).await;
    site.clock.forward(DAY - 1000);
    let again = submit().await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.rendered.copy, first.rendered.copy);
}
