use tintero_domain::{
    Error,
    error::CursorFault,
    page::{Cursor, Limit, PageRequest},
    posts::{DeskFacet, PublicFacet, StatusName, Transition},
    values::Timestamp,
};

use crate::site::{DAWN, Site, draft, editor, site};

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

/// Five posts, the newest last; the odd ones carry a tag.
async fn five_posts(site: &Site) {
    for n in 1..=5 {
        let mut new = draft(&format!("Post {n}"));
        if n % 2 == 1 {
            new.tags = vec!["AWS".parse().unwrap()];
        }
        let copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
        site.publish(&copy).await.unwrap();
        site.clock.forward(1000);
    }
}

#[tokio::test]
async fn a_walk_sees_everything_once_whatever_the_page_size() {
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
async fn posts_published_with_one_date_are_all_seen() {
    let site = site().await;
    for n in 0..7 {
        let copy = site.a_post(&format!("Post {n}")).await;
        let date = Some(Timestamp::from_millis(DAWN));
        site.posts
            .publish(&editor(), copy.post.standing.id, copy.post.tag(), date)
            .await
            .unwrap();
    }
    let mut titles = walk(&site, &PublicFacet::Latest, 2).await;
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 7);
}

#[tokio::test]
async fn rows_follow_a_change_of_tags_and_vanish_with_the_post() {
    let site = site().await;
    let mut new = draft("Post");
    new.tags = vec!["uno".parse().unwrap(), "dos".parse().unwrap()];
    let copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let copy = site.publish(&copy).await.unwrap();
    let patch = tintero_domain::posts::PostPatch {
        tags: Some(vec!["dos".parse().unwrap(), "tres".parse().unwrap()]),
        ..Default::default()
    };
    let copy = site
        .posts
        .update(&editor(), copy.post.standing.id, copy.post.tag(), patch)
        .await
        .unwrap()
        .shown
        .copy;
    let tagged = async |tag: &str| {
        walk(&site, &PublicFacet::Tag(tag.parse().unwrap()), 5)
            .await
            .len()
    };
    assert_eq!(
        (
            tagged("uno").await,
            tagged("dos").await,
            tagged("tres").await
        ),
        (1, 1, 0)
    );
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(
        (
            tagged("uno").await,
            tagged("dos").await,
            tagged("tres").await
        ),
        (0, 1, 1)
    );
    site.posts
        .transition(
            &editor(),
            copy.post.standing.id,
            copy.post.tag(),
            Transition::Trash,
        )
        .await
        .unwrap();
    assert_eq!(
        (
            tagged("uno").await,
            tagged("dos").await,
            tagged("tres").await
        ),
        (0, 0, 0)
    );
    assert!(walk(&site, &PublicFacet::Latest, 5).await.is_empty());
}

#[tokio::test]
async fn desk_lists_hold_working_copies_by_status_owner_and_change() {
    let site = site().await;
    let draft = site.a_post("Borrador").await;
    site.clock.forward(1000);
    let published = site.a_published_post("Publicado").await;
    let listed = async |facet| {
        let page = site
            .posts
            .list_desk(&editor(), facet, &PageRequest::default())
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|post| post.content.title.to_string())
            .collect::<Vec<_>>()
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
    site.posts
        .transition(
            &editor(),
            draft.post.standing.id,
            draft.post.tag(),
            Transition::Trash,
        )
        .await
        .unwrap();
    assert_eq!(listed(DeskFacet::Updated).await, ["Borrador", "Publicado"]);
    assert_eq!(
        listed(DeskFacet::Status(StatusName::Trashed)).await,
        ["Borrador"]
    );
    drop(published);
}

#[tokio::test]
async fn a_cursor_of_one_list_does_not_open_another() {
    let site = site().await;
    five_posts(&site).await;
    let page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let next = site
        .posts
        .list_public(PublicFacet::Latest, &page)
        .await
        .unwrap()
        .next;
    let page = PageRequest {
        cursor: next,
        ..page
    };
    let foreign = site
        .posts
        .list_public(PublicFacet::Tag("aws".parse().unwrap()), &page)
        .await;
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
    let page = PageRequest {
        cursor: Some(Cursor("x".to_owned())),
        ..page
    };
    let forged = site.posts.list_public(PublicFacet::Latest, &page).await;
    assert!(matches!(forged, Err(Error::BadCursor(CursorFault::Forged))));
}
