//! All writes of the largest valid post: every transaction stays below DynamoDB's limit of 100 items.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tintero_domain::{
    Error,
    access::{Caller, Role},
    bylines::NewByline,
    posts::{
        Content, FirstStatus, ImportSource, Manuscript, NewPost, PostPatch, Schedule, Transition,
        WorkingCopy,
    },
    taxonomy::NewCategory,
    values::{BylineId, CategoryId, Excerpt, OldPath, Slug, Tag, Timestamp, Title},
};
use tintero_embedded::faults::FaultAction;

use crate::site::{DAWN, Site, caller, draft, once, site};

/// Maximum number of items of a transaction.
const MAX_ITEMS: usize = 93;

/// The administrator with a new idempotency key.
fn administrator(site: &Site) -> Caller {
    let key = tintero_domain::clock::Ids::next(site.ids.as_ref()).to_string();
    once(caller(Role::Administrator, 1), &key, "digest")
}

/// Values for all editable fields of a post.
struct Edition {
    title: Title,
    slug: Slug,
    excerpt: Excerpt,
    tags: Vec<Tag>,
    category_ids: Vec<CategoryId>,
    byline_ids: Vec<BylineId>,
    aliases: Vec<OldPath>,
    source: ImportSource,
    body: String,
}

fn of_length(n: usize, most: usize, letter: &str) -> String {
    format!("{n}-{}", letter.repeat(most - 2 - n / 10))
}

async fn edition(site: &Site, n: usize) -> Edition {
    let administrator = administrator(site);
    let (mut category_ids, mut byline_ids) = (Vec::new(), Vec::new());
    let categories = site.categories.clone();
    let bylines = crate::taxonomy::bylines(site);
    for i in 0..Content::MAX_CATEGORIES {
        let new = NewCategory {
            name: format!("Category {n} {i}").parse().unwrap(),
            slug: None,
            parent_id: None,
        };
        let filed = categories.create(&administrator, new).await.unwrap();
        category_ids.push(filed.category.id);
    }
    for i in 0..Content::MAX_BYLINES {
        let new = NewByline {
            name: format!("Byline {n} {i}").parse().unwrap(),
            slug: None,
            position: None,
            bio: None,
            image_id: None,
            user_id: None,
        };
        byline_ids.push(bylines.create(&administrator, new).await.unwrap().id);
    }
    let tag = |i| format!("{n} {i} {}", "t".repeat(30)).parse().unwrap();
    let path = |i| format!("/{n}/{i}.html").parse().unwrap();
    Edition {
        title: of_length(n, Title::MAX, "T").parse().unwrap(),
        slug: of_length(n, Slug::MAX, "s").parse().unwrap(),
        excerpt: of_length(n, Excerpt::MAX, "E").parse().unwrap(),
        tags: (0..Content::MAX_TAGS).map(tag).collect(),
        category_ids,
        byline_ids,
        aliases: (0..Content::MAX_ALIASES).map(path).collect(),
        source: ImportSource {
            import: "blog".to_owned(),
            path: format!("_posts/{n}.md"),
            sha256: "0".repeat(64),
        },
        body: format!("# {n}\n"),
    }
}

/// Changes all editable fields of a post.
async fn edit(site: &Site, copy: &WorkingCopy, n: usize) -> WorkingCopy {
    let edition = edition(site, n).await;
    let patch = PostPatch {
        title: Some(edition.title),
        slug: Some(edition.slug),
        excerpt: Some(Some(edition.excerpt)),
        tags: Some(edition.tags),
        category_ids: Some(edition.category_ids),
        byline_ids: Some(edition.byline_ids),
        aliases: Some(edition.aliases),
        source: Some(Some(tintero_domain::posts::SourcePatch {
            import: Some(edition.source.import),
            path: Some(edition.source.path),
            sha256: Some(edition.source.sha256),
            ..Default::default()
        })),
        body: Some(edition.body),
        // Moves the rows of the scheduled change to other keys than the public rows.
        published_at: Some(Some(Timestamp::from_millis(
            DAWN - i64::try_from(n).unwrap(),
        ))),
        ..PostPatch::default()
    };
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let administrator = administrator(site);
    let effect = site.posts.update(&administrator, id, tag, patch).await;
    effect.unwrap().rendered.copy
}

async fn transition(site: &Site, copy: &WorkingCopy, transition: Transition) -> WorkingCopy {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let administrator = administrator(site);
    let effect = site.posts.transition(&administrator, id, tag, transition);
    effect.await.unwrap().rendered.copy
}

async fn publish(site: &Site, copy: &WorkingCopy, date: i64) -> WorkingCopy {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let administrator = administrator(site);
    let date = Some(Timestamp::from_millis(DAWN - date));
    let effect = site.posts.publish(&administrator, id, tag, date).await;
    effect.unwrap().rendered.copy
}

/// The public post, the scheduled change and the new change are in 27 lists each with different
/// dates. One transaction cannot change all of them, so the write is refused until the schedule is
/// cancelled.
async fn cancel_schedule(site: &Site, copy: &WorkingCopy) -> WorkingCopy {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let administrator = administrator(site);
    let date = Some(Timestamp::from_millis(DAWN - 5));
    let refused = site.posts.publish(&administrator, id, tag, date).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    transition(site, copy, Transition::Unschedule).await
}

fn plan(site: &Site) -> Schedule {
    Schedule {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: Some(site.now().after(Duration::from_mins(2))),
    }
}

async fn schedule(site: &Site, copy: &WorkingCopy) -> WorkingCopy {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let administrator = administrator(site);
    let effect = site.posts.schedule(&administrator, id, tag, plan(site));
    effect.await.unwrap().rendered.copy
}

#[tokio::test]
async fn no_transaction_of_the_largest_post_reaches_the_limit() {
    let site = site().await;
    let largest = Arc::new(AtomicUsize::new(0));
    let seen = largest.clone();
    let administrator = caller(Role::Administrator, 1);
    let first = edition(&site, 0).await;
    site.wire.on(move |call| {
        let items = call.body["TransactItems"].as_array().map_or(0, Vec::len);
        seen.fetch_max(items, Ordering::SeqCst);
        FaultAction::Pass
    });
    let new = NewPost {
        status: FirstStatus::Published,
        slug: Some(first.slug),
        excerpt: Some(first.excerpt),
        tags: first.tags,
        category_ids: first.category_ids,
        byline_ids: first.byline_ids,
        aliases: first.aliases,
        source: Some(first.source),
        manuscript: Manuscript {
            body: first.body,
            ..Manuscript::default()
        },
        ..draft(first.title.as_str())
    };
    let created = site.posts.create(&administrator, new).await.unwrap();
    let mut copy = publish(&site, &created.rendered.copy, 1).await;
    // The maximum number of past addresses.
    for n in 1..=18 {
        copy = edit(&site, &copy, n).await;
        copy = publish(&site, &copy, i64::try_from(n).unwrap() * 1000).await;
    }
    copy = edit(&site, &copy, 19).await;
    copy = schedule(&site, &copy).await;
    copy = edit(&site, &copy, 20).await;
    copy = cancel_schedule(&site, &copy).await;
    copy = schedule(&site, &copy).await;
    copy = edit(&site, &copy, 21).await;
    copy = cancel_schedule(&site, &copy).await;
    copy = publish(&site, &copy, 5).await;
    copy = edit(&site, &copy, 22).await;
    copy = schedule(&site, &copy).await;
    site.clock.forward(200_000);
    site.posts.run_cleanup().await.unwrap();
    let id = copy.post.state.id;
    copy = site.posts.get(&administrator, id).await.unwrap().copy;
    copy = schedule(&site, &copy).await;
    site.clock.forward(70_000);
    copy = edit(&site, &copy, 23).await;
    site.clock.forward(70_000);
    copy = edit(&site, &copy, 24).await;
    copy = transition(&site, &copy, Transition::Trash).await;
    copy = transition(&site, &copy, Transition::Untrash).await;
    copy = transition(&site, &copy, Transition::Trash).await;
    let tag = copy.post.tag();
    site.posts.purge(&administrator, id, tag).await.unwrap();
    site.posts.run_cleanup().await.unwrap();
    let largest = largest.load(Ordering::SeqCst);
    assert!(largest <= MAX_ITEMS, "{largest} items in one transaction");
    assert!(largest > 60, "the post is not the largest: {largest}");
}
