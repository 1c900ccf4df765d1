//! Lists of published posts with their texts.

use tintero_domain::{
    page::{Limit, PageRequest},
    posts::{ChangesQuery, LiveCopy, PublicQuery},
    values::Timestamp,
};

use crate::site::{DAWN, Site, draft, site};

async fn publish(site: &Site, title: &str, bytes: usize) {
    let mut new = draft(title);
    new.manuscript.body = "Una palabra. ".repeat(bytes / 13);
    let copy = site.create(new).await;
    site.publish(&copy).await.unwrap();
    site.clock.forward(1000);
}

fn page(limit: u64) -> PageRequest {
    PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    }
}

/// The titles of the posts of each page. All texts are complete.
async fn pages(site: &Site, limit: u64) -> Vec<Vec<String>> {
    let (mut page, mut pages) = (page(limit), Vec::new());
    loop {
        let query = PublicQuery::default();
        let found = site.posts.list_live_copies(&query, &page).await.unwrap();
        let bytes: usize = found.items.iter().map(LiveCopy::text_bytes).sum();
        assert!(bytes <= LiveCopy::MAX_PAGE_BYTES || found.items.len() == 1);
        for copy in &found.items {
            let slug = copy.summary.address.slug.as_str();
            assert_eq!(*copy, *site.live(slug).await);
        }
        let copies = found.items.into_iter();
        pages.push(copies.map(|copy| copy.summary.title.to_string()).collect());
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn a_list_with_texts_returns_every_live_copy_once() {
    let site = site().await;
    for n in 0..7 {
        publish(&site, &format!("Post {n}"), 1000).await;
    }
    for limit in [1, 3, 25] {
        let titles = pages(&site, limit).await.concat();
        let expected: Vec<_> = (0..7).rev().map(|n| format!("Post {n}")).collect();
        assert_eq!(titles, expected);
    }
}

#[tokio::test]
async fn a_page_with_large_texts_ends_early() {
    let site = site().await;
    for (title, bytes) in [
        ("Uno", 500_000),
        ("Dos", 1_000_000),
        ("Tres", 1000),
        ("Cuatro", 900_000),
        ("Cinco", 1000),
    ] {
        publish(&site, title, bytes).await;
    }
    // Body and HTML of a post have about the same size.
    assert_eq!(
        pages(&site, 25).await,
        [&["Cinco", "Cuatro", "Tres"][..], &["Dos"], &["Uno"]]
    );
    let query = ChangesQuery {
        since: Timestamp::from_millis(DAWN),
        locale: None,
    };
    let (mut page, mut titles) = (page(25), Vec::new());
    loop {
        let found = site.posts.list_changed_copies(&query, &page).await.unwrap();
        let copies = found.posts.items.into_iter();
        titles.push(
            copies
                .map(|copy| copy.summary.title.to_string())
                .collect::<Vec<_>>(),
        );
        match found.posts.next {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(titles.concat(), ["Uno", "Dos", "Tres", "Cuatro", "Cinco"]);
    assert_eq!(titles.len(), 3, "{titles:?}");
}
