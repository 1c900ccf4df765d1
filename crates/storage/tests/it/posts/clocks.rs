//! Servers whose clocks differ by up to a minute, and a clock that steps back.

use tintero_domain::{
    page::PageRequest,
    posts::{DeskFacet, PublicFacet, PublicLookup, StatusName, Transition, WorkingCopy},
    values::Timestamp,
};

use crate::site::{Site, draft, editor, schedule, site, tags_patch, title_patch};

/// The difference between the clocks of two servers, in seconds.
const SKEW: i64 = 60;

/// What readers and authors see of the post `uno` in the category `informatica` with the tag `aws`.
async fn view(site: &Site) -> Vec<String> {
    let mut seen = Vec::new();
    if let Ok(PublicLookup::Found(copy)) = site.public("uno").await {
        seen.push(format!("public {}", copy.summary.title));
    }
    let category = site.categories.list().await.unwrap().remove(0);
    seen.push(format!("{} posts", category.post_count));
    for (name, facet) in [
        ("all", PublicFacet::Latest),
        ("aws", PublicFacet::Tag("aws".parse().unwrap())),
    ] {
        let page = site.posts.list_public(facet, &PageRequest::default()).await;
        seen.extend(
            page.unwrap()
                .items
                .iter()
                .map(|row| format!("{name} {}", row.title)),
        );
    }
    for status in StatusName::ALL {
        let (page, editor) = (PageRequest::default(), editor());
        let listed = site
            .posts
            .list_desk(&editor, DeskFacet::Status(status), &page);
        let rows = listed.await.unwrap().items;
        seen.extend(rows.iter().map(|_| format!("desk {}", status.as_str())));
    }
    seen
}

const PUBLIC: [&str; 5] = [
    "public Uno",
    "1 posts",
    "all Uno",
    "aws Uno",
    "desk published",
];
const PRIVATE: [&str; 2] = ["0 posts", "desk draft"];

async fn a_listed_post(site: &Site) -> WorkingCopy {
    let mut new = draft("Uno");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = vec![site.a_category("Informática").await];
    site.create(new).await
}

/// The titles in the public list.
async fn titles(site: &Site) -> Vec<String> {
    let page = PageRequest::default();
    let rows = site.posts.list_public(PublicFacet::Latest, &page).await;
    let titles = rows.unwrap().items.into_iter();
    titles.map(|row| row.title.to_string()).collect()
}

/// The stamps of a post that must not go backwards.
fn stamps(copy: &WorkingCopy) -> (Timestamp, Option<Timestamp>) {
    let state = &copy.post.state;
    (state.updated_at, state.first_published_at)
}

#[tokio::test]
async fn a_post_published_before_the_clock_steps_back_stays_public_and_writable() {
    let site = site().await;
    let copy = a_listed_post(&site).await;
    let published = site.publish(&copy).await.unwrap();
    site.clock.forward(-5_000);
    assert_eq!(view(&site).await, PUBLIC);
    let edited = site.update(&published, title_patch("Dos")).await;
    assert_eq!(stamps(&edited), stamps(&published));
    let again = site.publish(&edited).await.unwrap();
    assert_eq!(
        again.post.state.published_at,
        published.post.state.published_at
    );
    let archived = site.transition(&again, Transition::Archive).await;
    let trashed = site.transition(&archived, Transition::Trash).await;
    assert_eq!(stamps(&trashed), stamps(&published));
    site.clock.forward(6_000);
    let later = site.transition(&trashed, Transition::Untrash).await;
    assert!(later.post.state.updated_at > trashed.post.state.updated_at);
}

#[tokio::test]
async fn each_server_shows_and_changes_what_the_other_wrote() {
    let first = site().await;
    for (title, skew) in [("Adelantado", SKEW), ("Atrasado", -SKEW)] {
        let second = first.with_skew(skew);
        let servers = [&second, &first];
        let mut copy = first.a_post(title).await;
        for step in 0..12 {
            let (writer, reader) = (servers[step % 2], servers[(step + 1) % 2]);
            let was = stamps(&copy);
            copy = match step % 6 {
                0 | 3 => writer.publish(&copy).await.unwrap(),
                1 => writer.update(&copy, tags_patch(&["aws"])).await,
                2 => writer.transition(&copy, Transition::Archive).await,
                4 => writer.transition(&copy, Transition::Unpublish).await,
                _ => writer.schedule(&copy, schedule(Some(1000), None)).await,
            };
            assert!(stamps(&copy) >= was, "step {step} with {skew} s");
            let read = reader.read(copy.post.state.id).await;
            assert_eq!(read.post, copy.post, "step {step} with {skew} s");
            assert_eq!(
                titles(reader).await,
                titles(writer).await,
                "step {step} with {skew} s"
            );
        }
    }
}

#[tokio::test]
async fn a_post_published_by_a_server_ahead_is_public_on_a_server_behind() {
    let behind = site().await;
    let ahead = behind.with_skew(SKEW);
    let copy = a_listed_post(&behind).await;
    let published = ahead.publish(&copy).await.unwrap();
    assert!(published.post.state.updated_at > behind.now());
    assert_eq!(view(&behind).await, PUBLIC);
    let edited = behind.update(&published, title_patch("Dos")).await;
    assert_eq!(
        edited.post.state.updated_at,
        published.post.state.updated_at
    );
    let withdrawn = behind.transition(&edited, Transition::Unpublish).await;
    assert_eq!(view(&behind).await, PRIVATE);
    assert_eq!(view(&ahead).await, PRIVATE);
    ahead.publish(&withdrawn).await.unwrap();
}

#[tokio::test]
async fn a_scheduled_post_is_public_from_its_time_by_the_clock_of_each_server() {
    let behind = site().await;
    let ahead = behind.with_skew(SKEW);
    let copy = a_listed_post(&behind).await;
    behind.schedule(&copy, schedule(Some(30), None)).await;
    assert_eq!(view(&ahead).await, PUBLIC);
    assert_eq!(view(&behind).await, ["0 posts", "desk scheduled"]);
    behind.clock.forward(30_000);
    assert_eq!(view(&behind).await, PUBLIC);
}

#[tokio::test]
async fn a_server_behind_writes_a_post_that_a_server_ahead_cleaned_up() {
    for transition in [
        Transition::Unschedule,
        Transition::Unpublish,
        Transition::Archive,
    ] {
        let behind = site().await;
        let ahead = behind.with_skew(SKEW);
        let copy = a_listed_post(&behind).await;
        let copy = behind.schedule(&copy, schedule(Some(30), None)).await;
        assert_eq!(ahead.posts.run_cleanup().await.unwrap(), 1);
        let read = behind.read(copy.post.state.id).await;
        assert_eq!(read.post.state.status.name(), StatusName::Published);
        behind.transition(&copy, transition).await;
        assert_eq!(behind.posts.run_cleanup().await.unwrap(), 0);
        let public = match transition {
            Transition::Unschedule => &PUBLIC[..],
            Transition::Unpublish => &PRIVATE,
            _ => &["public Uno", "0 posts", "desk archived"],
        };
        assert_eq!(view(&behind).await, public);
        assert_eq!(view(&ahead).await, public);
    }
}
