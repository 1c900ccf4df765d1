//! Compares the results of random list queries with a model.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    str::FromStr,
};

use proptest::{
    option,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree as _,
    test_runner::TestRunner,
};
use tintero_domain::{
    bylines::NewByline,
    page::{Limit, PageRequest},
    posts::{
        CategoryFilter, DeskQuery, DeskSet, Facets, Post, PublicQuery, StatusName, Transition,
        Translation, WorkingCopy,
    },
    taxonomy::NewCategory,
    values::{BylineId, CategoryId, IdOrSlug, Locale, PostId, Revision, Tag, Timestamp},
};

use crate::site::{DAWN, Site, draft, editor, site};

/// One day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Random choices, the same in every run.
struct Dice(TestRunner);

impl Dice {
    fn roll<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.0).unwrap().current()
    }
}

/// A site with categories, bylines and published posts.
struct World {
    site: Site,
    dice: Dice,
    categories: Vec<CategoryId>,
    bylines: Vec<BylineId>,
    posts: Vec<Post>,
    made: usize,
    /// The languages of each work, by its source.
    works: BTreeMap<PostId, BTreeSet<&'static str>>,
}

const TAGS: [&str; 3] = ["uno", "dos", "Tres"];
const LOCALES: [&str; 3] = ["es", "en", "fr"];

async fn world(posts: usize) -> World {
    let site = site().await;
    let tree = site.categories.clone();
    let mut categories = Vec::new();
    for name in ["a", "b", "c"] {
        let new = NewCategory {
            name: name.parse().unwrap(),
            slug: None,
            parent_id: categories.first().copied(),
        };
        categories.push(tree.create(&editor(), new).await.unwrap().category.id);
    }
    let service = crate::taxonomy::bylines(&site);
    let mut bylines = Vec::new();
    for name in ["Ana", "Eva"] {
        let new = NewByline {
            name: name.parse().unwrap(),
            slug: None,
            position: None,
            bio: None,
            image_id: None,
            user_id: None,
        };
        bylines.push(service.create(&editor(), new).await.unwrap().id);
    }
    let mut world = World {
        site,
        dice: Dice(TestRunner::deterministic()),
        categories,
        bylines,
        posts: Vec::new(),
        made: 0,
        works: BTreeMap::new(),
    };
    for _ in 0..posts {
        world.publish_one().await;
    }
    world
}

impl World {
    /// Publishes a post with random tags, categories, bylines, language and one of ten dates.
    async fn publish_one(&mut self) -> PostId {
        let mut new = draft(&format!("Post {}", self.made));
        self.made += 1;
        let tags = self.dice.roll(&subsequence(TAGS.to_vec(), 0..3));
        new.tags = tags.into_iter().map(|tag| tag.parse().unwrap()).collect();
        let all = self.categories.clone();
        new.category_ids = self.dice.roll(&subsequence(all, 0..3));
        let all = self.bylines.clone();
        new.byline_ids = self.dice.roll(&subsequence(all, 0..2));
        let locale = self.dice.roll(&select(&LOCALES[..]));
        new.locale = Some(locale.parse().unwrap());
        let of = self.untranslated(locale);
        new.translation = of.map(|of| Translation {
            of,
            source_revision: Revision::FIRST,
        });
        let copy = self.site.create(new).await;
        let date = DAWN - self.dice.roll(&(0..10_i64)) * DAY;
        let (id, tag) = (copy.post.state.id, copy.post.tag());
        self.works
            .entry(of.unwrap_or(id))
            .or_default()
            .insert(locale);
        let date = Some(Timestamp::from_millis(date));
        let effect = self
            .site
            .posts
            .publish(&editor(), id, tag, date)
            .await
            .unwrap();
        self.posts.push(effect.rendered.copy.post);
        self.site.clock.forward(1000);
        id
    }

    /// A random work without a post in this language, or none.
    fn untranslated(&mut self, locale: &str) -> Option<PostId> {
        let works = self.works.iter();
        let open = works.filter(|(_, locales)| !locales.contains(locale));
        let open: Vec<_> = open.map(|(of, _)| Some(*of)).chain([None]).collect();
        self.dice.roll(&select(open))
    }

    /// Unpublishes a random post.
    async fn withdraw_one(&mut self) -> PostId {
        let at = self.dice.roll(&(0..self.posts.len()));
        let post = self.posts.remove(at);
        let (id, tag) = (post.state.id, post.tag());
        let unpublish = Transition::Unpublish;
        self.site
            .posts
            .transition(&editor(), id, tag, unpublish)
            .await
            .unwrap();
        id
    }

    fn facets(&mut self) -> Facets {
        let categories = self.categories.clone();
        let bylines = self.bylines.clone();
        let filed = |id| CategoryFilter {
            under: IdOrSlug::Id(id),
            descendants: false,
        };
        Facets {
            category: self.dice.roll(&option::of(select(categories))).map(filed),
            tags: parsed(self.dice.roll(&subsequence(TAGS.to_vec(), 0..3))),
            byline: self
                .dice
                .roll(&option::of(select(bylines)))
                .map(IdOrSlug::Id),
            locales: parsed(
                self.dice
                    .roll(&subsequence(LOCALES.to_vec(), 0..=3).prop_shuffle()),
            ),
        }
    }

    fn query(&mut self) -> PublicQuery {
        let moment = |days: i64| Timestamp::from_millis(DAWN - days * DAY);
        PublicQuery {
            facets: self.facets(),
            after: self.dice.roll(&option::of(0..10_i64)).map(moment),
            before: self.dice.roll(&option::of(0..10_i64)).map(moment),
        }
    }

    /// Whether a translation of the post is public in an earlier language.
    fn has_preferred(&self, post: &Post, locales: &[Locale]) -> bool {
        let rank = |post: &Post| {
            let own = &post.content.address.locale;
            locales.iter().position(|locale| locale == own)
        };
        let mut others = self.posts.iter().filter(|other| work(other) == work(post));
        others.any(|other| rank(other).is_some() && rank(other) < rank(post))
    }

    /// The expected results of a query in order.
    fn expected(&self, query: &PublicQuery) -> Vec<PostId> {
        let date = |post: &Post| post.state.published_at.unwrap();
        let mut found: Vec<_> = self
            .posts
            .iter()
            .filter(|post| meets(post, &query.facets))
            .filter(|post| !self.has_preferred(post, &query.facets.locales))
            .filter(|post| query.after.is_none_or(|after| date(post) > after))
            .filter(|post| query.before.is_none_or(|before| date(post) < before))
            .map(|post| (date(post), post.state.id))
            .collect();
        found.sort_unstable();
        found.into_iter().rev().map(|(_, id)| id).collect()
    }
}

fn parsed<T: FromStr<Err: Debug>>(names: Vec<&str>) -> Vec<T> {
    let names = names.into_iter();
    names.map(|name| name.parse().unwrap()).collect()
}

fn work(post: &Post) -> PostId {
    let translation = post.content.translation;
    translation.map_or(post.state.id, |own| own.of)
}

fn meets(post: &Post, facets: &Facets) -> bool {
    let content = &post.content;
    let filed = |filed: &CategoryFilter| match &filed.under {
        IdOrSlug::Id(id) => content.category_ids.contains(id),
        IdOrSlug::Slug(_) => false,
    };
    let tagged = |tag: &Tag| content.tags.iter().any(|own| own.folded() == tag.folded());
    let credited = |name: &IdOrSlug<BylineId>| match name {
        IdOrSlug::Id(id) => content.byline_ids.contains(id),
        IdOrSlug::Slug(_) => false,
    };
    let spoken = |locale: &Locale| content.address.locale == *locale;
    facets.category.as_ref().is_none_or(filed)
        && facets.tags.iter().all(tagged)
        && facets.byline.as_ref().is_none_or(credited)
        && (facets.locales.is_empty() || facets.locales.iter().any(spoken))
}

fn pages(limit: u64) -> PageRequest {
    PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    }
}

#[tokio::test]
async fn every_query_returns_exactly_the_matching_posts() {
    let mut world = Box::pin(world(60)).await;
    for _ in 0..150 {
        let query = world.query();
        let mut page = pages(world.dice.roll(&(1..12_u64)));
        let mut seen = Vec::new();
        loop {
            let found = world
                .site
                .posts
                .list_public(query.clone(), &page)
                .await
                .unwrap();
            assert!(found.items.len() <= page.limit.get());
            seen.extend(found.items.iter().map(|row| row.id));
            match found.next {
                Some(next) => page.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, world.expected(&query), "{query:?}, {page:?}");
    }
}

#[tokio::test]
async fn pagination_during_writes_returns_no_post_twice_and_misses_none() {
    let mut world = Box::pin(world(40)).await;
    for _ in 0..25 {
        let mut query = world.query();
        // With several languages, a post can take the place of its translation during the walk.
        query.facets.locales.truncate(1);
        let mut page = pages(world.dice.roll(&(1..6_u64)));
        let before: BTreeSet<_> = world.expected(&query).into_iter().collect();
        let (mut seen, mut gone) = (Vec::new(), BTreeSet::new());
        loop {
            let found = world
                .site
                .posts
                .list_public(query.clone(), &page)
                .await
                .unwrap();
            seen.extend(found.items.iter().map(|row| row.id));
            let Some(next) = found.next else { break };
            page.cursor = Some(next);
            world.publish_one().await;
            gone.insert(world.withdraw_one().await);
        }
        let distinct: BTreeSet<_> = seen.iter().copied().collect();
        assert_eq!(distinct.len(), seen.len(), "twice: {query:?}");
        let stayed: BTreeSet<_> = before.difference(&gone).copied().collect();
        assert!(stayed.is_subset(&distinct), "missed: {query:?}");
    }
}

async fn touch(site: &Site, copy: &WorkingCopy) -> WorkingCopy {
    site.clock.forward(1000);
    let excerpt = format!("Changed at {}", site.now());
    let patch = tintero_domain::posts::PostPatch {
        excerpt: Some(Some(excerpt.parse().unwrap())),
        ..Default::default()
    };
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let effect = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    effect.rendered.copy
}

#[tokio::test]
async fn the_list_of_changes_since_a_time_misses_none() {
    let site = site().await;
    let mut copies = Vec::new();
    for n in 0..9 {
        copies.push(site.a_post(&format!("Post {n}")).await);
        site.clock.forward(1000);
    }
    let since = site.now();
    for at in [7, 2, 5] {
        copies[at] = touch(&site, &copies[at]).await;
    }
    let query = DeskQuery::of(DeskSet::ChangedSince(since));
    let (mut page, mut seen, mut moved) = (pages(2), Vec::new(), false);
    loop {
        let found = site
            .posts
            .list_desk(&editor(), query.clone(), &page)
            .await
            .unwrap();
        seen.extend(
            found
                .items
                .iter()
                .map(|post| post.content.title.to_string()),
        );
        let Some(next) = found.next else { break };
        page.cursor = Some(next);
        if !moved {
            // A post that changes during the pagination appears again at the end.
            copies[7] = touch(&site, &copies[7]).await;
            moved = true;
        }
    }
    assert_eq!(seen, ["Post 7", "Post 2", "Post 5", "Post 7"]);
}

#[tokio::test]
async fn desk_lists_apply_the_same_filters_as_public_lists() {
    let mut world = Box::pin(world(40)).await;
    for _ in 0..40 {
        let facets = world.facets();
        let set = world.dice.roll(&select(vec![
            DeskSet::Status(StatusName::Published),
            DeskSet::Changed,
            DeskSet::ChangedSince(Timestamp::from_millis(DAWN)),
        ]));
        let owner = world.dice.roll(&option::of(select(vec![editor().user_id])));
        let query = DeskQuery {
            set,
            owner,
            facets: facets.clone(),
        };
        let mut page = pages(world.dice.roll(&(1..12_u64)));
        let mut seen = Vec::new();
        loop {
            let posts = &world.site.posts;
            let found = posts
                .list_desk(&editor(), query.clone(), &page)
                .await
                .unwrap();
            seen.extend(found.items.iter().map(|post| post.state.id));
            match found.next {
                Some(next) => page.cursor = Some(next),
                None => break,
            }
        }
        let wanted = world.posts.iter().filter(|post| meets(post, &facets));
        let wanted: BTreeSet<_> = wanted.map(|post| post.state.id).collect();
        assert_eq!(seen.len(), wanted.len(), "{query:?}");
        assert_eq!(
            seen.into_iter().collect::<BTreeSet<_>>(),
            wanted,
            "{query:?}"
        );
    }
}
