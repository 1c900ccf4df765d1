use tintero_domain::{
    Error,
    error::CursorFault,
    page::{Cursor, Limit, PageRequest},
    posts::{DeskFacet, PublicFacet, StatusName, Transition},
    values::Timestamp,
};

use crate::site::{DAWN, Site, draft, editor, site, tags_patch};

async fn walk(site: &Site, facet: &PublicFacet, limit: u64) -> Vec<String> {
    let mut titles = Vec::new();
    let mut page = PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    };
    loop {
        let found = site.posts.list_public(facet.clone(), &page).await.unwrap();
        titles.extend(found.items.into_iter().map(|row| row.title.to_string()));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return titles,
        }
    }
}

/// Publishes five posts, the newest last. Those with odd numbers have a tag.
async fn five_posts(site: &Site) {
    for n in 1..=5 {
        let mut new = draft(&format!("Post {n}"));
        if n % 2 == 1 {
            new.tags = vec!["AWS".parse().unwrap()];
        }
        let copy = site.create(new).await;
        site.publish(&copy).await.unwrap();
        site.clock.forward(1000);
    }
}

#[tokio::test]
async fn pagination_returns_every_post_once_for_every_page_size() {
    let site = site().await;
    five_posts(&site).await;
    for limit in 1..=6 {
        assert_eq!(
            walk(&site, &PublicFacet::Latest, limit).await,
            ["Post 5", "Post 4", "Post 3", "Post 2", "Post 1"]
        );
        let tag = PublicFacet::Tag("aws".parse().unwrap());
        assert_eq!(
            walk(&site, &tag, limit).await,
            ["Post 5", "Post 3", "Post 1"]
        );
        assert!(
            walk(&site, &PublicFacet::Locale("en".parse().unwrap()), limit)
                .await
                .is_empty()
        );
    }
}

#[tokio::test]
async fn pagination_returns_all_posts_with_the_same_date() {
    let site = site().await;
    for n in 0..7 {
        let copy = site.a_post(&format!("Post {n}")).await;
        let date = Some(Timestamp::from_millis(DAWN));
        site.by(&editor()).publish(&copy, date).await.unwrap();
    }
    let mut titles = walk(&site, &PublicFacet::Latest, 2).await;
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 7);
}

#[tokio::test]
async fn public_lists_follow_published_tags_and_the_status() {
    let site = site().await;
    let mut new = draft("Post");
    new.tags = vec!["uno".parse().unwrap(), "dos".parse().unwrap()];
    let copy = site.create(new).await;
    let copy = site.publish(&copy).await.unwrap();
    let copy = site.update(&copy, tags_patch(&["dos", "tres"])).await;
    let counts = async || {
        let mut counts = Vec::new();
        for tag in ["uno", "dos", "tres"] {
            let facet = PublicFacet::Tag(tag.parse().unwrap());
            counts.push(walk(&site, &facet, 5).await.len());
        }
        counts
    };
    assert_eq!(counts().await, [1, 1, 0], "not yet published");
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(counts().await, [0, 1, 1]);
    site.transition(&copy, Transition::Trash).await;
    assert_eq!(counts().await, [0, 0, 0]);
    assert!(walk(&site, &PublicFacet::Latest, 5).await.is_empty());
}

#[tokio::test]
async fn desk_lists_are_by_status_owner_and_last_change() {
    let site = site().await;
    let draft = site.a_post("Borrador").await;
    site.clock.forward(1000);
    site.a_published_post("Publicado").await;
    let listed = async |facet| {
        let (caller, page) = (editor(), PageRequest::default());
        let page = site.posts.list_desk(&caller, facet, &page).await.unwrap();
        let titles = page.items.into_iter();
        let titles = titles.map(|post| post.content.title.to_string());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(
        listed(DeskFacet::Status(StatusName::Draft)).await,
        ["Borrador"]
    );
    assert_eq!(
        listed(DeskFacet::Owner(editor().user_id, StatusName::Published)).await,
        ["Publicado"]
    );
    assert_eq!(listed(DeskFacet::Updated).await, ["Publicado", "Borrador"]);
    site.clock.forward(1000);
    site.transition(&draft, Transition::Trash).await;
    assert_eq!(listed(DeskFacet::Updated).await, ["Borrador", "Publicado"]);
    assert_eq!(
        listed(DeskFacet::Status(StatusName::Trashed)).await,
        ["Borrador"]
    );
}

#[tokio::test]
async fn a_cursor_is_valid_for_one_list_and_seven_days() {
    let site = site().await;
    five_posts(&site).await;
    let mut page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let first = site.posts.list_public(PublicFacet::Latest, &page).await;
    page.cursor = first.unwrap().next;
    let tag = PublicFacet::Tag("aws".parse().unwrap());
    let foreign = site.posts.list_public(tag, &page).await;
    assert!(matches!(
        foreign,
        Err(Error::BadCursor(CursorFault::Foreign))
    ));
    let desk = site
        .posts
        .list_desk(&editor(), DeskFacet::Updated, &page)
        .await;
    assert!(matches!(desk, Err(Error::BadCursor(CursorFault::Foreign))));
    site.clock.forward(8 * 24 * 3600 * 1000);
    let late = site.posts.list_public(PublicFacet::Latest, &page).await;
    assert!(matches!(late, Err(Error::BadCursor(CursorFault::Expired))));
    page.cursor = Some(Cursor("x".to_owned()));
    let forged = site.posts.list_public(PublicFacet::Latest, &page).await;
    assert!(matches!(forged, Err(Error::BadCursor(CursorFault::Forged))));
}
