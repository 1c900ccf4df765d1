//! Scheduled changes, before and after the cleanup.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::Role,
    page::PageRequest,
    posts::{DeskFacet, PostPatch, PublicFacet, PublicLookup, StatusName, Transition, WorkingCopy},
};

use crate::site::{
    Site, caller, draft, editor, later, schedule, site, slug, tags_patch, title_patch,
};

/// The view of the published post of `a_post_in_lists`.
const PUBLIC: &str = "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published";

/// The state that readers and authors see.
async fn view(site: &Site) -> String {
    let mut seen = Vec::new();
    for address in ["uno", "dos"] {
        seen.push(match site.public(address).await {
            Ok(PublicLookup::Found(copy)) if copy.archived => format!("{address} archived"),
            Ok(PublicLookup::Found(copy)) => format!("{address}={}", copy.summary.title),
            Ok(PublicLookup::Moved(to)) => format!("{address}->{}", to.slug),
            Err(Error::NotFound(_)) => continue,
            Err(Error::Gone(_)) => format!("{address} gone"),
            Err(error) => panic!("{error}"),
        });
    }
    let tag = |name: &str| PublicFacet::Tag(name.parse().unwrap());
    for (name, facet) in [
        ("all", PublicFacet::Latest),
        ("aws", tag("aws")),
        ("rust", tag("rust")),
    ] {
        let page = site.posts.list_public(facet, &PageRequest::default()).await;
        let rows = page.unwrap().items.into_iter();
        seen.extend(rows.map(|row| format!("{name}:{}", row.title)));
    }
    let filed = site.categories.list().await.unwrap().into_iter();
    let filed = filed.filter(|filed| filed.post_count > 0);
    seen.extend(filed.map(|filed| format!("{}={}", filed.category.slug, filed.post_count)));
    for status in StatusName::ALL {
        let facet = DeskFacet::Status(status);
        let (caller, page) = (editor(), PageRequest::default());
        let listed = site.posts.list_desk(&caller, facet, &page).await;
        for post in listed.unwrap().items {
            assert_eq!(post.state.status.name(), status);
            seen.push(format!("desk {}", status.as_str()));
        }
    }
    seen.join(", ")
}

/// The view after some seconds. Asserts that the cleanup does not change it.
async fn at(site: &Site, seconds: u64) -> String {
    let now = site.now();
    site.clock
        .forward(later(seconds).as_millis() - now.as_millis());
    let seen = view(site).await;
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(view(site).await, seen, "the cleanup changes nothing");
    assert_eq!(site.posts.oldest_pending_cleanup().await.unwrap(), None);
    seen
}

async fn a_post_in_lists(site: &Site) -> WorkingCopy {
    let mut new = draft("Uno");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = vec![site.a_category("Informática").await];
    site.create(new).await
}

#[tokio::test]
async fn a_scheduled_post_is_public_exactly_between_its_times() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.schedule(&copy, schedule(Some(60), Some(120))).await;
    assert_eq!(copy.post.state.first_published_at, None);
    assert_eq!(at(&site, 59).await, "desk scheduled");
    assert_eq!(at(&site, 60).await, PUBLIC);
    let found = site.posts.get_public(&slug("uno"), &[]).await.unwrap();
    let minute = Some(Duration::from_mins(1));
    assert_eq!(found.fresh_for, minute);
    assert_eq!(site.posts.fresh_for().await.unwrap(), minute);
    assert_eq!(at(&site, 119).await, PUBLIC);
    assert_eq!(at(&site, 120).await, "desk draft");
    let state = site.read(copy.post.state.id).await.post.state;
    assert_eq!(state.version, copy.post.state.version);
    assert_eq!(state.first_published_at, Some(later(60)));
    assert_eq!(site.posts.fresh_for().await.unwrap(), None);
}

#[tokio::test]
async fn a_scheduled_change_applies_to_all_lists_at_once() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let other = site.a_category("Nube").await;
    let patch = PostPatch {
        slug: Some(slug("dos")),
        tags: Some(vec!["rust".parse().unwrap()]),
        category_ids: Some(vec![other]),
        ..title_patch("Dos")
    };
    let edited = site.update(&copy, patch).await;
    assert_eq!(at(&site, 1).await, PUBLIC);
    site.schedule(&edited, schedule(Some(60), Some(180))).await;
    assert_eq!(
        at(&site, 59).await,
        PUBLIC,
        "the change is not public early"
    );
    let changed = "uno->dos, dos=Dos, all:Dos, rust:Dos, nube=1, desk published";
    assert_eq!(at(&site, 60).await, changed);
    assert_eq!(at(&site, 180).await, "desk draft");
    let ended = site.read(copy.post.state.id).await;
    let again = site.publish(&ended).await.unwrap();
    assert_eq!(again.post.state.published_at, copy.post.state.published_at);
    assert_eq!(view(&site).await, changed);
}

#[tokio::test]
async fn a_schedule_can_be_replaced_and_cancelled() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.schedule(&copy, schedule(Some(60), None)).await;
    let copy = site.schedule(&copy, schedule(Some(90), Some(100))).await;
    assert_eq!(at(&site, 60).await, "desk scheduled");
    let copy = site.transition(&copy, Transition::Unschedule).await;
    assert_eq!(copy.post.state.published_at, None);
    assert_eq!(at(&site, 95).await, "desk draft");
    let copy = site.publish(&copy).await.unwrap();
    let copy = site.schedule(&copy, schedule(None, Some(200))).await;
    let copy = site.transition(&copy, Transition::Unschedule).await;
    assert_eq!(at(&site, 200).await, PUBLIC, "the end was cancelled");
    let copy = site.schedule(&copy, schedule(Some(300), Some(400))).await;
    site.publish(&copy).await.unwrap();
    assert_eq!(at(&site, 399).await, PUBLIC);
    assert_eq!(
        at(&site, 400).await,
        "desk draft",
        "the end stays scheduled"
    );
}

#[tokio::test]
async fn publishing_a_scheduled_post_publishes_it_immediately() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.schedule(&copy, schedule(Some(60), None)).await;
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(copy.post.state.first_published_at, Some(later(0)));
    assert_eq!(at(&site, 1).await, PUBLIC);
    assert_eq!(at(&site, 61).await, PUBLIC);
}

#[tokio::test]
async fn invalid_schedules_are_refused() {
    let site = site().await;
    site.clock.forward(10_000);
    let copy = site.a_post("Uno").await;
    for invalid in [
        schedule(None, None),
        schedule(Some(10), None),
        schedule(Some(60), Some(60)),
        schedule(Some(60), Some(5)),
        schedule(None, Some(60)),
    ] {
        let refused = site.by(&editor()).schedule(&copy, invalid).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{invalid:?}");
    }
    let contributor = site.by(&caller(Role::Contributor, 1));
    let refused = contributor.schedule(&copy, schedule(Some(60), None)).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn an_archived_post_is_public_at_its_address_but_not_listed() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let copy = site.transition(&copy, Transition::Archive).await;
    assert_eq!(at(&site, 1).await, "uno archived, desk archived");
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(at(&site, 2).await, PUBLIC);
    let copy = site.transition(&copy, Transition::Archive).await;
    site.transition(&copy, Transition::Trash).await;
    assert_eq!(at(&site, 3).await, "uno gone, desk trashed");
}

#[tokio::test]
async fn purging_a_post_releases_its_names() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let copy = site.transition(&copy, Transition::Trash).await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let refused = site.posts.purge(&editor(), id, tag).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let administrator = caller(Role::Administrator, 9);
    site.posts.purge(&administrator, id, tag).await.unwrap();
    assert_eq!(at(&site, 1).await, "");
    let left = site.posts.get(&editor(), id).await;
    assert!(matches!(left, Err(Error::NotFound(_))));
    let other = site.a_post("Uno").await;
    assert_eq!(other.post.content.slug().as_str(), "uno");
}

#[tokio::test]
async fn the_next_write_also_removes_ended_rows() {
    let site = site().await;
    let copy = a_post_in_lists(&site).await;
    let copy = site.schedule(&copy, schedule(Some(60), Some(120))).await;
    site.clock.forward(130_000);
    let edited = site.update(&copy, tags_patch(&["rust"])).await;
    assert_eq!(at(&site, 131).await, "desk draft");
    site.publish(&edited).await.unwrap();
    assert_eq!(
        at(&site, 132).await,
        "uno=Uno, all:Uno, rust:Uno, informatica=1, desk published"
    );
}
