//! The list of tags with their numbers of published posts.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::time::Duration;

use tintero_domain::{
    page::{Limit, PageRequest},
    posts::{Schedule, Transition, WorkingCopy},
};

use crate::site::{Site, draft, editor, site};

async fn a_draft(site: &Site, title: &str, tags: &[&str]) -> WorkingCopy {
    let mut new = draft(title);
    new.tags = tags.iter().map(|tag| tag.parse().unwrap()).collect();
    site.posts
        .create(&editor(), new)
        .await
        .unwrap()
        .rendered
        .copy
}

/// All tags with their counts, in pages of `limit`.
async fn used(site: &Site, limit: u64) -> String {
    let limit = Limit::new(limit).unwrap();
    let (mut page, mut seen) = (
        PageRequest {
            limit,
            cursor: None,
        },
        Vec::new(),
    );
    loop {
        let found = site.tags.list(&page).await.unwrap();
        assert!(found.items.len() <= limit.get());
        let counted = found.items.into_iter();
        seen.extend(counted.map(|tag| format!("{}={}", tag.folded, tag.post_count)));
        page.cursor = found.next;
        if page.cursor.is_none() {
            return seen.join(" ");
        }
    }
}

#[tokio::test]
async fn tags_of_published_posts_are_listed_in_order() {
    let site = site().await;
    for (title, tags) in [("Uno", &["Rust", "AWS"][..]), ("Dos", &["aws", "nube"])] {
        let copy = a_draft(&site, title, tags).await;
        site.publish(&copy).await.unwrap();
    }
    let planned = a_draft(&site, "Tres", &["AWS", "España"]).await;
    let plan = Schedule {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: Some(site.now().after(Duration::from_mins(2))),
    };
    let (id, tag) = (planned.post.state.id, planned.post.tag());
    site.posts.schedule(&editor(), id, tag, plan).await.unwrap();
    for limit in 1..=5 {
        assert_eq!(used(&site, limit).await, "aws=2 nube=1 rust=1", "{limit}");
    }
    site.clock.forward(60_000);
    for limit in 1..=5 {
        let now = used(&site, limit).await;
        assert_eq!(now, "aws=3 españa=1 nube=1 rust=1", "{limit}");
    }
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(used(&site, 2).await, "aws=3 españa=1 nube=1 rust=1");
    site.clock.forward(60_000);
    assert_eq!(used(&site, 2).await, "aws=2 nube=1 rust=1");
}

#[tokio::test]
async fn unused_tags_are_omitted() {
    let site = site().await;
    for n in 0..30 {
        let copy = a_draft(&site, &format!("Post {n}"), &[&format!("tag {n:02}")]).await;
        let copy = site.publish(&copy).await.unwrap();
        if n != 29 {
            let (id, tag) = (copy.post.state.id, copy.post.tag());
            let (who, back) = (editor(), Transition::Unpublish);
            site.posts.transition(&who, id, tag, back).await.unwrap();
        }
    }
    assert_eq!(used(&site, 1).await, "tag 29=1");
    assert_eq!(used(&site, 100).await, "tag 29=1");
}
