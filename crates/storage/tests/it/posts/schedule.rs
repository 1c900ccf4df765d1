//! What time does to posts, with and without somebody who clears away after it.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::{Caller, Role},
    categories::{Categories, NewCategory},
    page::PageRequest,
    posts::{DeskFacet, Found, Plan, PostPatch, PublicFacet, StatusName, Transition, WorkingCopy},
    values::{CategoryId, Timestamp},
};

use crate::site::{DAWN, Site, caller, draft, editor, site, slug};

fn later(seconds: u64) -> Timestamp {
    Timestamp::from_millis(DAWN).after(Duration::from_secs(seconds))
}

fn plan(publish_at: Option<u64>, unpublish_at: Option<u64>) -> Plan {
    Plan {
        publish_at: publish_at.map(later),
        unpublish_at: unpublish_at.map(later),
    }
}

fn categories(site: &Site) -> Categories {
    site.categories.clone()
}

async fn a_category(site: &Site, name: &str) -> CategoryId {
    let new = NewCategory {
        name: name.parse().unwrap(),
        slug: None,
        parent_id: None,
    };
    let filed = categories(site).create(&editor(), new).await.unwrap();
    filed.category.id
}

/// What strangers and authors see at this moment.
async fn view(site: &Site) -> String {
    let mut seen = Vec::new();
    for address in ["uno", "dos"] {
        let found = site.posts.get_public(slug(address), None).await;
        seen.push(match found.map(|found| found.what) {
            Ok(Found::Here(copy)) if copy.archived => format!("{address} archived"),
            Ok(Found::Here(copy)) => format!("{address}={}", copy.summary.title),
            Ok(Found::Moved(to)) => format!("{address}->{}", to.slug),
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
    let filed = categories(site).list().await.unwrap().into_iter();
    let filed = filed.filter(|filed| filed.post_count > 0);
    seen.extend(filed.map(|filed| format!("{}={}", filed.category.slug, filed.post_count)));
    for status in StatusName::ALL {
        let facet = DeskFacet::Status(status);
        let (caller, page) = (editor(), PageRequest::default());
        let listed = site.posts.list_desk(&caller, facet, &page).await;
        for post in listed.unwrap().items {
            assert_eq!(post.standing.status.name(), status);
            seen.push(format!("desk {}", status.as_str()));
        }
    }
    seen.join(", ")
}

/// The view now, and that nobody sees whether what time ended was cleared away.
async fn at(site: &Site, seconds: u64) -> String {
    let now = site.now();
    site.clock
        .forward(later(seconds).as_millis() - now.as_millis());
    let seen = view(site).await;
    site.posts.keep_house().await.unwrap();
    assert_eq!(view(site).await, seen, "clearing away changes nothing");
    assert_eq!(site.posts.oldest_trace().await.unwrap(), None);
    seen
}

async fn a_filed_post(site: &Site) -> WorkingCopy {
    let mut new = draft("Uno");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = vec![a_category(site, "Informática").await];
    site.posts.create(&editor(), new).await.unwrap().shown.copy
}

async fn schedule(site: &Site, copy: &WorkingCopy, plan: Plan) -> WorkingCopy {
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let effect = site.posts.schedule(&editor(), id, tag, plan).await;
    effect.unwrap().shown.copy
}

async fn take(site: &Site, copy: &WorkingCopy, transition: Transition) -> WorkingCopy {
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let effect = site.posts.transition(&editor(), id, tag, transition).await;
    effect.unwrap().shown.copy
}

#[tokio::test]
async fn a_scheduled_post_appears_and_vanishes_at_its_second() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = schedule(&site, &copy, plan(Some(60), Some(120))).await;
    assert_eq!(copy.post.standing.first_published_at, None);
    assert_eq!(at(&site, 59).await, "desk scheduled");
    assert_eq!(
        at(&site, 60).await,
        "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published"
    );
    let found = site.posts.get_public(slug("uno"), None).await.unwrap();
    assert_eq!(found.quiet, Some(Duration::from_mins(1)));
    assert_eq!(
        site.posts.quiet().await.unwrap(),
        Some(Duration::from_mins(1))
    );
    assert_eq!(
        at(&site, 119).await,
        "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published"
    );
    assert_eq!(at(&site, 120).await, "desk draft");
    let id = copy.post.standing.id;
    let shown = site.posts.get(&editor(), id).await.unwrap();
    let standing = &shown.copy.post.standing;
    assert_eq!(standing.version, copy.post.standing.version);
    assert_eq!(standing.first_published_at, Some(later(60)));
    assert_eq!(site.posts.quiet().await.unwrap(), None);
}

#[tokio::test]
async fn a_change_of_what_is_public_takes_place_everywhere_at_once() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let other = a_category(&site, "Nube").await;
    let patch = PostPatch {
        title: Some("Dos".parse().unwrap()),
        slug: Some(slug("dos")),
        tags: Some(vec!["rust".parse().unwrap()]),
        category_ids: Some(vec![other]),
        ..PostPatch::default()
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let edited = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    let before = "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published";
    assert_eq!(at(&site, 1).await, before);
    schedule(&site, &edited.shown.copy, plan(Some(60), Some(180))).await;
    assert_eq!(at(&site, 59).await, before, "no byte of it is seen early");
    assert_eq!(
        at(&site, 60).await,
        "uno->dos, dos=Dos, all:Dos, rust:Dos, nube=1, desk published"
    );
    assert_eq!(at(&site, 180).await, "desk draft");
    let shown = site.posts.get(&editor(), id).await.unwrap();
    let again = site.publish(&shown.copy).await.unwrap();
    assert_eq!(
        again.post.standing.published_at,
        copy.post.standing.published_at
    );
    assert_eq!(
        view(&site).await,
        "uno->dos, dos=Dos, all:Dos, rust:Dos, nube=1, desk published"
    );
}

#[tokio::test]
async fn a_plan_can_be_replaced_and_given_up() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = schedule(&site, &copy, plan(Some(60), None)).await;
    let copy = schedule(&site, &copy, plan(Some(90), Some(100))).await;
    assert_eq!(at(&site, 60).await, "desk scheduled");
    let copy = take(&site, &copy, Transition::Unschedule).await;
    assert_eq!(copy.post.standing.published_at, None);
    assert_eq!(at(&site, 95).await, "desk draft");
    let copy = site.publish(&copy).await.unwrap();
    let public = "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published";
    let copy = schedule(&site, &copy, plan(None, Some(200))).await;
    let copy = take(&site, &copy, Transition::Unschedule).await;
    assert_eq!(at(&site, 200).await, public, "the end was given up");
    let copy = schedule(&site, &copy, plan(Some(300), Some(400))).await;
    site.publish(&copy).await.unwrap();
    assert_eq!(at(&site, 399).await, public);
    assert_eq!(at(&site, 400).await, "desk draft", "the end stays planned");
}

#[tokio::test]
async fn whoever_publishes_a_scheduled_post_publishes_it_now() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = schedule(&site, &copy, plan(Some(60), None)).await;
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(copy.post.standing.first_published_at, Some(later(0)));
    let public = "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published";
    assert_eq!(at(&site, 1).await, public);
    assert_eq!(at(&site, 61).await, public);
}

#[tokio::test]
async fn plans_that_make_no_sense_are_refused() {
    let site = site().await;
    site.clock.forward(10_000);
    let copy = site.a_post("Uno").await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    for refused in [
        plan(None, None),
        plan(Some(10), None),
        plan(Some(60), Some(60)),
        plan(Some(60), Some(5)),
        plan(None, Some(60)),
    ] {
        let answer = site.posts.schedule(&editor(), id, tag, refused).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{refused:?}");
    }
    let contributor = caller(Role::Contributor, 1);
    let answer = site
        .posts
        .schedule(&contributor, id, tag, plan(Some(60), None));
    assert!(matches!(answer.await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn an_archived_post_is_at_its_address_and_in_no_list() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let copy = take(&site, &copy, Transition::Archive).await;
    assert_eq!(at(&site, 1).await, "uno archived, desk archived");
    let copy = site.publish(&copy).await.unwrap();
    let public = "uno=Uno, all:Uno, aws:Uno, informatica=1, desk published";
    assert_eq!(at(&site, 2).await, public);
    let copy = take(&site, &copy, Transition::Archive).await;
    take(&site, &copy, Transition::Trash).await;
    assert_eq!(at(&site, 3).await, "uno gone, desk trashed");
}

#[tokio::test]
async fn a_purged_post_leaves_nothing_and_gives_its_names_back() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = site.publish(&copy).await.unwrap();
    let copy = take(&site, &copy, Transition::Trash).await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
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
async fn what_time_has_ended_is_cleared_away_by_the_next_write_too() {
    let site = site().await;
    let copy = a_filed_post(&site).await;
    let copy = schedule(&site, &copy, plan(Some(60), Some(120))).await;
    site.clock.forward(130_000);
    let patch = PostPatch {
        tags: Some(vec!["rust".parse().unwrap()]),
        ..PostPatch::default()
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let edited = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    assert_eq!(at(&site, 131).await, "desk draft");
    site.publish(&edited.shown.copy).await.unwrap();
    assert_eq!(
        at(&site, 132).await,
        "uno=Uno, all:Uno, rust:Uno, informatica=1, desk published"
    );
}

/// A post that was public, with a date that its author gave it afterwards.
async fn redated(site: &Site, owner: &Caller, date: Timestamp) -> WorkingCopy {
    let effect = site.posts.create(owner, draft("Uno")).await.unwrap();
    let (id, tag) = (
        effect.shown.copy.post.standing.id,
        effect.shown.copy.post.tag(),
    );
    let effect = site.posts.publish(owner, id, tag, None).await.unwrap();
    let tag = effect.shown.copy.post.tag();
    let withdrawn = site.posts.transition(owner, id, tag, Transition::Unpublish);
    let tag = withdrawn.await.unwrap().shown.copy.post.tag();
    let patch = PostPatch {
        published_at: Some(Some(date)),
        ..PostPatch::default()
    };
    let edited = site.posts.update(owner, id, tag, patch).await.unwrap();
    edited.shown.copy
}

#[tokio::test]
async fn a_scheduled_post_with_a_later_date_is_in_lists_from_its_second_on() {
    let site = site().await;
    let copy = Box::pin(redated(&site, &editor(), later(900))).await;
    let copy = schedule(&site, &copy, plan(Some(60), None)).await;
    assert_eq!(copy.post.standing.published_at, Some(later(60)));
    assert_eq!(at(&site, 60).await, "uno=Uno, all:Uno, desk published");
}

#[tokio::test]
async fn a_plan_is_no_way_around_the_permission_to_backdate() {
    let site = site().await;
    site.clock.forward(60_000);
    let author = caller(Role::Author, 2);
    let copy = Box::pin(redated(&site, &author, later(0))).await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let answer = site.posts.schedule(&author, id, tag, plan(Some(120), None));
    assert!(matches!(answer.await, Err(Error::Forbidden(_))));
    let copy = schedule(&site, &copy, plan(Some(120), None)).await;
    assert_eq!(copy.post.standing.published_at, Some(later(0)));
}
