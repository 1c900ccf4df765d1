//! The list of scheduled posts by planned time.

use tintero_domain::{
    Result,
    page::{Limit, Page, PageRequest},
    posts::{DeskQuery, DeskSet, Post, Transition},
    values::UserId,
};

use crate::site::{Site, draft, editor, schedule, site, title_patch};

async fn page_of(site: &Site, query: &DeskQuery, page: &PageRequest) -> Result<Page<Post>> {
    site.posts.list_desk(&editor(), query.clone(), page).await
}

/// The titles of all pages.
async fn planned(site: &Site, query: &DeskQuery, limit: u64) -> Vec<String> {
    let mut page = PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    };
    let mut titles = Vec::new();
    loop {
        let found = page_of(site, query, &page).await.unwrap();
        assert!(found.items.len() <= page.limit.get());
        let posts = found.items.into_iter();
        titles.extend(posts.map(|post| post.content.title.to_string()));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return titles,
        }
    }
}

#[tokio::test]
async fn scheduled_posts_are_listed_by_planned_time() {
    let site = site().await;
    for (title, from, until) in [
        ("Tercero", 180, None),
        ("Primero", 60, Some(61)),
        ("Segundo", 120, Some(90_000)),
        ("Quinto", 90_001, None),
        ("Cuarto", 240, None),
    ] {
        let copy = site.a_post(title).await;
        site.schedule(&copy, schedule(Some(from), until)).await;
    }
    // Scheduled changes of other kinds are no scheduled posts.
    let copy = site.a_published_post("Publicado").await;
    site.schedule(&copy, schedule(None, Some(100))).await;
    let copy = site.a_published_post("Cambiado").await;
    let copy = site.update(&copy, title_patch("Otro")).await;
    site.schedule(&copy, schedule(Some(100), None)).await;
    let copy = site.a_post("Cancelado").await;
    let copy = site.schedule(&copy, schedule(Some(50), None)).await;
    site.transition(&copy, Transition::Unschedule).await;
    let query = DeskQuery::of(DeskSet::Planned);
    let all = ["Primero", "Segundo", "Tercero", "Cuarto", "Quinto"];
    for limit in 1..=6 {
        assert_eq!(planned(&site, &query, limit).await, all, "{limit}");
    }
    site.clock.forward(120_000);
    assert_eq!(planned(&site, &query, 2).await, all[2..]);
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(planned(&site, &query, 2).await, all[2..]);
}

#[tokio::test]
async fn the_list_by_planned_time_has_the_filters_of_other_desk_lists() {
    let site = site().await;
    for n in 0..90 {
        let mut new = draft(&format!("Post {n}"));
        if n % 30 == 29 {
            new.tags = vec!["aws".parse().unwrap()];
        }
        let copy = site.create(new).await;
        site.schedule(&copy, schedule(Some(60 + n), None)).await;
    }
    let mut query = DeskQuery::of(DeskSet::Planned);
    query.facets.tags = vec!["AWS".parse().unwrap()];
    let tagged = ["Post 29", "Post 59", "Post 89"];
    for limit in [1, 2, 20] {
        assert_eq!(planned(&site, &query, limit).await, tagged, "{limit}");
    }
    query.owner = Some(editor().user_id);
    assert_eq!(planned(&site, &query, 2).await, tagged);
    query.owner = Some(UserId::new(uuid::Uuid::from_u128(99)));
    assert!(planned(&site, &query, 2).await.is_empty());
}

#[tokio::test]
async fn a_cursor_of_the_list_by_planned_time_belongs_to_its_query() {
    let site = site().await;
    for n in 0..3 {
        let copy = site.a_post(&format!("Post {n}")).await;
        site.schedule(&copy, schedule(Some(60 + n), None)).await;
    }
    let query = DeskQuery::of(DeskSet::Planned);
    let mut page = PageRequest {
        limit: Limit::new(1).unwrap(),
        cursor: None,
    };
    page.cursor = page_of(&site, &query, &page).await.unwrap().next;
    assert!(page.cursor.is_some());
    let mut other = query.clone();
    other.facets.tags = vec!["aws".parse().unwrap()];
    let error = page_of(&site, &other, &page).await.unwrap_err();
    assert!(matches!(error, tintero_domain::Error::BadCursor(_)));
    assert_eq!(page_of(&site, &query, &page).await.unwrap().items.len(), 1);
}
