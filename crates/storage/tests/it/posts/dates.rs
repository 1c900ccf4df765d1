//! The publication date of a changed public post, for immediate and scheduled changes.

use tintero_domain::{
    Error,
    access::{Caller, Role},
    page::PageRequest,
    posts::{PostPatch, PublicFacet, Transition, WorkingCopy},
    values::Timestamp,
};

use crate::site::{Site, caller, draft, editor, later, schedule, site};

/// A post with an unpublished change of its date. It is public since the beginning, or was
/// unpublished.
async fn redated(
    site: &Site,
    owner: &Caller,
    is_public: bool,
    date: Option<Timestamp>,
) -> WorkingCopy {
    let owner = site.by(owner);
    let created = owner.create(draft("Uno")).await.unwrap();
    let mut copy = owner.publish(&created, None).await.unwrap();
    if !is_public {
        copy = owner
            .transition(&copy, Transition::Unpublish)
            .await
            .unwrap();
    }
    let patch = PostPatch {
        published_at: Some(date),
        ..PostPatch::default()
    };
    owner.update(&copy, patch).await.unwrap()
}

/// The date in the public list.
async fn listed_date(site: &Site) -> Timestamp {
    let (facet, page) = (PublicFacet::Latest, PageRequest::default());
    let listed = site.posts.list_public(facet, &page).await.unwrap();
    let [row] = listed.items.as_slice() else {
        panic!("one post is public: {listed:?}")
    };
    row.published_at
}

#[tokio::test]
async fn a_scheduled_change_gets_the_date_of_its_publication() {
    for (date, expected) in [
        (Some(later(10)), later(10)),
        (None, later(60)),
        (Some(later(900)), later(60)),
    ] {
        let site = site().await;
        let copy = Box::pin(redated(&site, &editor(), true, date)).await;
        let copy = site.schedule(&copy, schedule(Some(60), None)).await;
        assert_eq!(copy.post.state.published_at, Some(expected));
        site.clock.forward(59_000);
        assert_eq!(listed_date(&site).await, later(0), "not public early");
        site.clock.forward(1_000);
        assert_eq!(listed_date(&site).await, expected);
        site.posts.run_cleanup().await.unwrap();
        assert_eq!(listed_date(&site).await, expected);
    }
}

#[tokio::test]
async fn cancelling_a_schedule_removes_its_date() {
    let site = site().await;
    let copy = redated(&site, &editor(), true, None).await;
    let copy = site.schedule(&copy, schedule(Some(60), None)).await;
    let copy = site.schedule(&copy, schedule(Some(120), None)).await;
    assert_eq!(copy.post.state.published_at, Some(later(120)));
    let copy = site.transition(&copy, Transition::Unschedule).await;
    assert_eq!(copy.post.state.published_at, None);
    site.clock.forward(30_000);
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(copy.post.state.published_at, Some(later(30)));
}

#[tokio::test]
async fn a_later_date_of_a_draft_becomes_the_scheduled_time() {
    let site = site().await;
    let copy = Box::pin(redated(&site, &editor(), false, Some(later(900)))).await;
    let copy = site.schedule(&copy, schedule(Some(60), None)).await;
    assert_eq!(copy.post.state.published_at, Some(later(60)));
    site.clock.forward(60_000);
    assert_eq!(listed_date(&site).await, later(60));
}

#[tokio::test]
async fn scheduling_with_a_past_date_requires_the_permission_to_backdate() {
    for is_public in [true, false] {
        let site = site().await;
        site.clock.forward(60_000);
        let author = caller(Role::Author, 2);
        let copy = Box::pin(redated(&site, &author, is_public, Some(later(0)))).await;
        let author = site.by(&author);
        let refused = author.schedule(&copy, schedule(Some(120), None)).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        let copy = site.schedule(&copy, schedule(Some(120), None)).await;
        assert_eq!(copy.post.state.published_at, Some(later(0)));
    }
}
