use tintero_domain::{
    categories::Found,
    operations::{Outcome, State},
    page::{Limit, PageRequest},
    posts::{
        DeskQuery, DeskSet, Facets, Filed, Plan, PublicFacet, PublicQuery, StatusName, Transition,
    },
    values::IdOrSlug,
};

use super::{a_category, a_draft_in, a_post_in, listed, merge, operation, run, shown};
use crate::site::{editor, site, slug};

#[tokio::test]
async fn from_the_first_moment_on_the_target_stands_for_what_was_merged_into_it() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let draft = a_draft_in(&site, "Borrador", &[from]).await;
    let both = a_draft_in(&site, "Ambas", &[from, into]).await;
    a_post_in(&site, "Publicado", &[from]).await;
    a_post_in(&site, "Otro", &[into]).await;
    let begun = merge(&site, from, into).await;
    assert_eq!((begun.done, begun.total), (0, 1));

    let expected = ["Otro", "Publicado"];
    assert_eq!(listed(&site, into, 1).await, expected);
    assert_eq!(listed(&site, from, 1).await, expected, "by its old name");
    assert_eq!(shown(&site, into).await.post_count, 2);
    for name in [IdOrSlug::Id(from), IdOrSlug::Slug(slug("uno"))] {
        let found = site.categories.get(&name).await.unwrap();
        assert_eq!(found, Found::Moved(into));
    }
    for copy in [draft, both] {
        let id = copy.post.standing.id;
        let seen = site.posts.get(&editor(), id).await.unwrap();
        assert_eq!(seen.copy.post.content.category_ids, [into]);
        assert_eq!(
            seen.copy.post.tag(),
            copy.post.tag(),
            "and nothing was written"
        );
    }
    let list = site.categories.list().await.unwrap();
    assert_eq!(list.len(), 1, "it is no category any more");

    run(&site).await;
    let ended = operation(&site, begun.id).await;
    assert_eq!((ended.done, ended.failures.len()), (1, 0));
    assert!(matches!(
        ended.state,
        State::Finished {
            outcome: Outcome::Succeeded,
            ..
        }
    ));
    assert_eq!(listed(&site, into, 1).await, expected);
    assert_eq!(listed(&site, from, 1).await, expected);
    assert_eq!(shown(&site, into).await.post_count, 2);
}

#[tokio::test]
async fn what_readers_get_names_the_target_and_pages_go_on() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    for n in 0..4 {
        a_post_in(&site, &format!("Post {n}"), &[from]).await;
    }
    let facet = PublicFacet::Category(IdOrSlug::Slug(slug("uno")));
    let mut page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let first = site.posts.list_public(facet.clone(), &page).await.unwrap();
    merge(&site, from, into).await;
    page.cursor = first.next;
    let second = site.posts.list_public(facet.clone(), &page).await.unwrap();
    let titles: Vec<_> = second
        .items
        .iter()
        .map(|row| row.title.to_string())
        .collect();
    assert_eq!(
        titles,
        ["Post 1", "Post 0"],
        "the walk goes on where it was"
    );
    run(&site).await;
    let again = site.posts.list_public(facet, &page).await.unwrap();
    assert_eq!(again.items, second.items);
    for row in again.items {
        assert_eq!(row.category_ids, [into]);
    }
}

#[tokio::test]
async fn a_post_under_both_is_listed_once_and_counted_once_in_the_end() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    a_post_in(&site, "Ambas", &[from, into]).await;
    a_post_in(&site, "Una", &[from]).await;
    merge(&site, from, into).await;
    assert_eq!(listed(&site, into, 5).await, ["Una", "Ambas"]);
    assert_eq!(
        shown(&site, into).await.post_count,
        3,
        "until it has arrived"
    );
    run(&site).await;
    assert_eq!(listed(&site, into, 5).await, ["Una", "Ambas"]);
    assert_eq!(shown(&site, into).await.post_count, 2);
}

#[tokio::test]
async fn what_is_planned_moves_too_and_appears_under_the_target() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let copy = a_draft_in(&site, "Planeado", &[from]).await;
    let plan = Plan {
        publish_at: Some(site.now().after(std::time::Duration::from_mins(10))),
        unpublish_at: Some(site.now().after(std::time::Duration::from_mins(20))),
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    site.posts.schedule(&editor(), id, tag, plan).await.unwrap();
    let begun = merge(&site, from, into).await;
    run(&site).await;
    assert_eq!(operation(&site, begun.id).await.done, 1);
    assert!(listed(&site, into, 5).await.is_empty());
    site.clock.forward(600_000);
    assert_eq!(listed(&site, into, 5).await, ["Planeado"]);
    assert_eq!(shown(&site, into).await.post_count, 1);
    site.posts.keep_house().await.unwrap();
    assert_eq!(shown(&site, into).await.post_count, 1);
    site.clock.forward(600_000);
    site.posts.keep_house().await.unwrap();
    assert!(listed(&site, into, 5).await.is_empty());
    assert_eq!(shown(&site, into).await.post_count, 0);
}

#[tokio::test]
async fn what_is_archived_shows_the_target_and_comes_back_under_it() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let copy = a_post_in(&site, "Viejo", &[from]).await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let editor = editor();
    let archived = site.posts.transition(&editor, id, tag, Transition::Archive);
    let copy = archived.await.unwrap().shown.copy;
    merge(&site, from, into).await;
    run(&site).await;
    let live = site.posts.get_live(&editor, id).await.unwrap();
    assert_eq!(live.summary.category_ids, [into]);
    site.publish(&copy).await.unwrap();
    assert_eq!(listed(&site, into, 5).await, ["Viejo"]);
    assert_eq!(shown(&site, into).await.post_count, 1);
}

#[tokio::test]
async fn merges_in_a_row_end_where_the_last_one_leads() {
    let site = site().await;
    let uno = a_category(&site, "Uno").await;
    let dos = a_category(&site, "Dos").await;
    let tres = a_category(&site, "Tres").await;
    a_post_in(&site, "En uno", &[uno]).await;
    a_post_in(&site, "En dos", &[dos]).await;
    a_post_in(&site, "En tres", &[tres]).await;
    let draft = a_draft_in(&site, "Borrador", &[uno]).await;
    merge(&site, uno, dos).await;
    merge(&site, dos, tres).await;
    let expected = ["En tres", "En dos", "En uno"];
    for name in [uno, dos, tres] {
        assert_eq!(listed(&site, name, 2).await, expected);
    }
    assert_eq!(shown(&site, tres).await.post_count, 3);
    run(&site).await;
    for name in [uno, dos, tres] {
        assert_eq!(listed(&site, name, 2).await, expected);
    }
    assert_eq!(shown(&site, tres).await.post_count, 3);
    let found = site.categories.get(&IdOrSlug::Slug(slug("uno"))).await;
    assert_eq!(found.unwrap(), Found::Moved(tres));
    let seen = site
        .posts
        .get(&editor(), draft.post.standing.id)
        .await
        .unwrap();
    assert_eq!(seen.copy.post.content.category_ids, [tres]);
}

#[tokio::test]
async fn what_time_has_ended_and_nobody_cleared_away_holds_nothing_up() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let copy = a_post_in(&site, "Pasajero", &[from]).await;
    let plan = Plan {
        publish_at: None,
        unpublish_at: Some(site.now().after(std::time::Duration::from_secs(5))),
    };
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    site.posts.schedule(&editor(), id, tag, plan).await.unwrap();
    let begun = merge(&site, from, into).await;
    site.clock.forward(60_000);
    run(&site).await;
    assert!(super::is_over(&operation(&site, begun.id).await));
    site.posts.keep_house().await.unwrap();
    assert!(listed(&site, into, 5).await.is_empty());
    assert_eq!(shown(&site, into).await.post_count, 0);
}

#[tokio::test]
async fn what_lies_below_a_category_is_listed_with_it_through_a_merge() {
    let site = site().await;
    let top = a_category(&site, "Arriba").await;
    let child = super::below(&site, "Abajo", Some(top)).await;
    let other = a_category(&site, "Otra").await;
    a_post_in(&site, "Arriba", &[top]).await;
    a_post_in(&site, "Abajo", &[child]).await;
    a_post_in(&site, "Otro", &[other]).await;
    let both = a_draft_in(&site, "Borrador", &[other]).await;
    let facets = Facets {
        category: Some(Filed {
            under: IdOrSlug::Id(top),
            descendants: true,
        }),
        ..Facets::default()
    };
    let public = async || {
        let query = PublicQuery {
            facets: facets.clone(),
            ..PublicQuery::default()
        };
        let page = PageRequest::default();
        let found = site.posts.list_public(query, &page).await.unwrap();
        let titles = found.items.into_iter().map(|row| row.title.to_string());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(public().await, ["Abajo", "Arriba"]);
    merge(&site, other, child).await;
    assert_eq!(public().await, ["Otro", "Abajo", "Arriba"]);
    run(&site).await;
    assert_eq!(public().await, ["Otro", "Abajo", "Arriba"]);
    let query = DeskQuery {
        set: DeskSet::Status(StatusName::Draft),
        owner: None,
        facets: facets.clone(),
    };
    let page = PageRequest::default();
    let drafts = site.posts.list_desk(&editor(), query, &page).await.unwrap();
    assert_eq!(drafts.items[0].standing.id, both.post.standing.id);
}
