//! Changes of the public side: a copy of the site that repeats only changes equals the site.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select, strategy::ValueTree as _, test_runner::TestRunner};
use tintero_domain::{
    Error,
    page::{Limit, PageRequest},
    posts::{
        CHANGES_RETENTION, ChangesQuery, PublicQuery, PublicSummary, RemovalReason, Transition,
        WorkingCopy,
    },
    values::{Address, Locale, Timestamp},
};

use crate::{
    images::{images, png, upload},
    site::{DAWN, Site, body_patch, draft, editor, schedule, site, slug, slug_patch, title_patch},
};

/// A static copy of the published posts, by address.
#[derive(Debug, Default)]
struct Mirror {
    pages: BTreeMap<Address, PublicSummary>,
    since: Option<Timestamp>,
    removed: Vec<(String, RemovalReason)>,
}

impl Mirror {
    /// Reads all changes in pages and applies them.
    async fn update(&mut self, site: &Site, limit: u64) {
        let since = self.since.unwrap_or(Timestamp::from_millis(DAWN));
        let query = ChangesQuery {
            since,
            locale: None,
        };
        let mut page = page(limit);
        self.removed.clear();
        loop {
            let found = site.posts.list_changes(&query, &page).await.unwrap();
            assert!(found.posts.items.len() <= page.limit.get());
            for gone in found.removed {
                self.pages.remove(&gone.address);
                self.removed
                    .push((gone.address.slug.to_string(), gone.reason));
            }
            let posts = found.posts.items.into_iter();
            let pages = posts.map(|post| (post.address.clone(), post));
            self.pages.extend(pages);
            let Some(next) = found.posts.next else {
                self.since = Some(found.next_since);
                return;
            };
            page.cursor = Some(next);
        }
    }
}

fn page(limit: u64) -> PageRequest {
    PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    }
}

/// All published posts by address.
async fn published(site: &Site) -> BTreeMap<Address, PublicSummary> {
    let found = site
        .posts
        .list_public(PublicQuery::default(), &page(100))
        .await;
    let posts = found.unwrap().items.into_iter();
    posts.map(|post| (post.address.clone(), post)).collect()
}

/// Changes posts at random. Slugs of unpublished posts are taken by others.
struct Authors {
    site: Site,
    random: TestRunner,
    posts: Vec<WorkingCopy>,
}

const SLUGS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

impl Authors {
    fn roll<T: Clone + std::fmt::Debug + 'static>(&mut self, values: &[T]) -> T {
        let strategy = select(values.to_vec());
        strategy.new_tree(&mut self.random).unwrap().current()
    }

    /// Performs one random write. Refused writes change nothing.
    async fn act(&mut self) {
        let nth = self.roll(&(0..6_usize).collect::<Vec<_>>());
        let new_slug = self.roll(&SLUGS);
        let Some(copy) = self.posts.get(nth).cloned() else {
            let mut new = draft("Post");
            new.slug = Some(slug(new_slug));
            let created = self.site.by(&editor()).create(new).await;
            self.posts.extend(created.ok());
            return;
        };
        let copy = self.site.read(copy.post.state.id).await;
        let now = self
            .site
            .now()
            .since(Timestamp::from_millis(DAWN))
            .as_secs();
        let deed = self.roll(&(0..9_usize).collect::<Vec<_>>());
        let plan = self.roll(&[(90, None), (90, Some(200)), (30, Some(60))]);
        let author = self.site.by(&editor());
        let outcome = match deed {
            0 | 1 => author.publish(&copy, None).await,
            2 => author.update(&copy, slug_patch(new_slug)).await,
            3 => author.transition(&copy, Transition::Unpublish).await,
            4 => author.transition(&copy, Transition::Archive).await,
            5 => author.transition(&copy, Transition::Trash).await,
            6 => author.transition(&copy, Transition::Untrash).await,
            7 => author.transition(&copy, Transition::Unschedule).await,
            _ => {
                let (from, until) = plan;
                let until = until.map(|until: u64| now + until);
                author
                    .schedule(&copy, schedule(Some(now + from), until))
                    .await
            }
        };
        drop(outcome);
    }
}

#[tokio::test]
async fn a_copy_of_the_site_that_repeats_only_changes_equals_the_site() {
    let mut authors = Authors {
        site: site().await,
        random: TestRunner::deterministic(),
        posts: Vec::new(),
    };
    let mut mirror = Mirror::default();
    let mut reasons = Vec::new();
    for round in 0..120 {
        for _ in 0..5 {
            let seconds = authors.roll(&[1, 7, 45]);
            authors.site.clock.forward(seconds * 1000);
            authors.act().await;
        }
        if round % 3 == 0 {
            authors.site.posts.run_cleanup().await.unwrap();
        }
        let limit = authors.roll(&[1, 2, 100]);
        mirror.update(&authors.site, limit).await;
        assert_eq!(mirror.pages, published(&authors.site).await, "{round}");
        reasons.extend(mirror.removed.iter().map(|(_, reason)| *reason));
    }
    for reason in [
        RemovalReason::Moved,
        RemovalReason::Archived,
        RemovalReason::Unpublished,
        RemovalReason::Trashed,
    ] {
        assert!(reasons.contains(&reason), "{reason:?} did not occur");
    }
}

#[tokio::test]
async fn removed_addresses_have_the_present_state_of_their_post() {
    let site = site().await;
    let mut copies = Vec::new();
    for title in ["Uno", "Dos", "Tres", "Cuatro", "Cinco"] {
        copies.push(site.a_published_post(title).await);
        site.clock.forward(1000);
    }
    let mut mirror = Mirror::default();
    mirror.update(&site, 100).await;
    assert_eq!((mirror.pages.len(), mirror.removed.len()), (5, 0));
    let moved = site.update(&copies[0], slug_patch("una")).await;
    site.publish(&moved).await.unwrap();
    site.transition(&copies[1], Transition::Unpublish).await;
    site.transition(&copies[2], Transition::Archive).await;
    site.transition(&copies[3], Transition::Trash).await;
    let trashed = site.transition(&copies[4], Transition::Trash).await;
    let administrator = crate::site::caller(tintero_domain::access::Role::Administrator, 1);
    let (id, tag) = (trashed.post.state.id, trashed.post.tag());
    site.posts.purge(&administrator, id, tag).await.unwrap();
    mirror.update(&site, 100).await;
    mirror.removed.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [
        ("cinco", RemovalReason::Deleted),
        ("cuatro", RemovalReason::Trashed),
        ("dos", RemovalReason::Unpublished),
        ("tres", RemovalReason::Archived),
        ("uno", RemovalReason::Moved),
    ];
    assert_eq!(mirror.removed, expected.map(|(s, r)| (s.to_owned(), r)));
    assert_eq!(mirror.pages, published(&site).await);
}

#[tokio::test]
async fn an_edit_that_is_not_published_is_no_change() {
    let site = site().await;
    let copy = site.a_published_post("Uno").await;
    site.clock.forward(1000);
    let query = ChangesQuery {
        since: site.now(),
        locale: None,
    };
    let copy = site.update(&copy, title_patch("Dos")).await;
    let page = PageRequest::default();
    let changes = || site.posts.list_changes(&query, &page);
    assert!(changes().await.unwrap().posts.items.is_empty());
    site.publish(&copy).await.unwrap();
    assert_eq!(changes().await.unwrap().posts.items.len(), 1);
}

#[tokio::test]
async fn an_image_that_arrives_later_changes_the_posts_that_lacked_it() {
    let site = site().await;
    let copy = site.a_post("Uno").await;
    let copy = site.update(&copy, body_patch("![x](/a.png)")).await;
    site.publish(&copy).await.unwrap();
    site.clock.forward(1000);
    let query = ChangesQuery {
        since: site.now(),
        locale: None,
    };
    let uploaded = upload(&images(&site), &editor(), png(7), Some("a.png")).await;
    uploaded.unwrap();
    let page = PageRequest::default();
    let changes = site.posts.list_changed_copies(&query, &page).await.unwrap();
    assert!(changes.posts.items[0].html.contains("/media/"));
}

#[tokio::test]
async fn a_write_by_a_server_whose_clock_is_ahead_is_not_missed() {
    let site = site().await;
    let ahead = site.with_skew(55);
    let mut mirror = Mirror::default();
    for n in 0..8 {
        ahead.a_published_post(&format!("Post {n}")).await;
        mirror.update(&site, 100).await;
        for site in [&site, &ahead] {
            site.clock.forward(30_000);
        }
    }
    for site in [&site, &ahead] {
        site.clock.forward(60_000);
    }
    mirror.update(&site, 100).await;
    assert_eq!(mirror.pages, published(&site).await);
}

#[tokio::test]
async fn changes_of_one_language_are_only_those_of_its_addresses() {
    let site = site().await;
    let locale: Locale = "en".parse().unwrap();
    site.a_published_post("Uno").await;
    let mut new = draft("One");
    new.locale = Some(locale.clone());
    let copy = site.create(new).await;
    let copy = site.publish(&copy).await.unwrap();
    let query = ChangesQuery {
        since: Timestamp::from_millis(DAWN),
        locale: Some(locale),
    };
    let page = PageRequest::default();
    let changes = site.posts.list_changes(&query, &page).await.unwrap();
    assert_eq!(changes.posts.items.len(), 1);
    site.transition(&copy, Transition::Unpublish).await;
    let changes = site.posts.list_changes(&query, &page).await.unwrap();
    assert!(changes.posts.items.is_empty());
    assert_eq!(changes.removed[0].address.slug, slug("one"));
}

#[tokio::test]
async fn changes_are_known_for_thirty_days_and_from_the_first_start_on() {
    let old = site().await;
    let since = |site: &Site, seconds: i64| ChangesQuery {
        since: Timestamp::from_millis(site.now().as_millis() + seconds * 1000),
        locale: None,
    };
    let page = PageRequest::default();
    let retention = i64::try_from(CHANGES_RETENTION.as_secs()).unwrap();
    assert!(
        old.posts
            .list_changes(&since(&old, -retention), &page)
            .await
            .is_ok()
    );
    let forgotten = old
        .posts
        .list_changes(&since(&old, -retention - 1), &page)
        .await;
    assert!(matches!(forgotten, Err(Error::ForgottenChanges(_))));
    // An empty database has no earlier changes.
    old.posts.begin_changes().await.unwrap();
    assert!(
        old.posts
            .list_changes(&since(&old, -60), &page)
            .await
            .is_ok()
    );
    // Posts that were published before the first start may have changed before it.
    let upgraded = site().await;
    upgraded.a_published_post("Uno").await;
    upgraded.clock.forward(60_000);
    upgraded.posts.begin_changes().await.unwrap();
    let start = upgraded.now();
    upgraded.clock.forward(60_000);
    upgraded.posts.begin_changes().await.unwrap();
    match upgraded
        .posts
        .list_changes(&since(&upgraded, -61), &page)
        .await
    {
        Err(Error::ForgottenChanges(earliest)) => assert_eq!(earliest, start),
        other => panic!("{other:?}"),
    }
    let changes = upgraded
        .posts
        .list_changes(&since(&upgraded, -60), &page)
        .await;
    assert_eq!(
        changes.unwrap().next_since,
        start,
        "never before the first start"
    );
}
