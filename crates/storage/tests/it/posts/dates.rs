//! The date that a change of what is public carries, published now or planned.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::{Caller, Role},
    posts::{Plan, PostPatch, Transition, WorkingCopy},
    values::Timestamp,
};

use crate::site::{DAWN, Site, caller, draft, editor, site};

fn later(seconds: u64) -> Timestamp {
    Timestamp::from_millis(DAWN).after(Duration::from_secs(seconds))
}

/// A post that is public since the beginning, whose author changed its date.
async fn redated(site: &Site, owner: &Caller, date: Option<Timestamp>) -> WorkingCopy {
    let created = site.posts.create(owner, draft("Uno")).await.unwrap();
    let post = &created.shown.copy.post;
    let (id, tag) = (post.standing.id, post.tag());
    let published = site.posts.publish(owner, id, tag, None).await.unwrap();
    let patch = PostPatch {
        published_at: Some(date),
        ..PostPatch::default()
    };
    let tag = published.shown.copy.post.tag();
    let edited = site.posts.update(owner, id, tag, patch).await.unwrap();
    edited.shown.copy
}

async fn schedule(
    site: &Site,
    who: &Caller,
    copy: &WorkingCopy,
    seconds: u64,
) -> Result<WorkingCopy, Error> {
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let plan = Plan {
        publish_at: Some(later(seconds)),
        unpublish_at: None,
    };
    let effect = site.posts.schedule(who, id, tag, plan).await?;
    Ok(effect.shown.copy)
}

/// The date with which a stranger sees it.
async fn seen(site: &Site) -> Timestamp {
    let page = tintero_domain::page::PageRequest::default();
    let facet = tintero_domain::posts::PublicFacet::Latest;
    let listed = site.posts.list_public(facet, &page).await.unwrap();
    let [row] = listed.items.as_slice() else {
        panic!("one post is public: {listed:?}")
    };
    row.published_at
}

#[tokio::test]
async fn a_planned_change_carries_the_date_that_publishing_it_would() {
    for (date, expected) in [
        (Some(later(10)), later(10)),
        (None, later(60)),
        (Some(later(900)), later(60)),
    ] {
        let site = site().await;
        let copy = redated(&site, &editor(), date).await;
        let copy = schedule(&site, &editor(), &copy, 60).await.unwrap();
        assert_eq!(copy.post.standing.published_at, Some(expected));
        site.clock.forward(59_000);
        assert_eq!(seen(&site).await, later(0), "nothing is seen early");
        site.clock.forward(1_000);
        assert_eq!(seen(&site).await, expected);
        site.posts.keep_house().await.unwrap();
        assert_eq!(seen(&site).await, expected);
    }
}

#[tokio::test]
async fn a_date_that_a_plan_gave_is_given_up_with_it() {
    let site = site().await;
    let copy = redated(&site, &editor(), None).await;
    let copy = schedule(&site, &editor(), &copy, 60).await.unwrap();
    let copy = schedule(&site, &editor(), &copy, 120).await.unwrap();
    assert_eq!(copy.post.standing.published_at, Some(later(120)));
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let (who, unschedule) = (editor(), Transition::Unschedule);
    let given_up = site.posts.transition(&who, id, tag, unschedule).await;
    let copy = given_up.unwrap().shown.copy;
    assert_eq!(copy.post.standing.published_at, None);
    site.clock.forward(30_000);
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(copy.post.standing.published_at, Some(later(30)));
}

#[tokio::test]
async fn a_planned_change_is_no_way_around_the_permission_to_backdate() {
    let site = site().await;
    site.clock.forward(60_000);
    let author = caller(Role::Author, 2);
    let copy = redated(&site, &author, Some(later(0))).await;
    let refused = schedule(&site, &author, &copy, 120).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let copy = schedule(&site, &editor(), &copy, 120).await.unwrap();
    assert_eq!(copy.post.standing.published_at, Some(later(0)));
}
