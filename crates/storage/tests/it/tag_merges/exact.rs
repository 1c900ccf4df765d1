use std::time::Duration;

use tintero_domain::{
    operations::{Outcome, State},
    page::{Limit, PageRequest},
    posts::{
        DeskQuery, DeskSet, Facets, Filed, Plan, PublicFacet, PublicQuery, StatusName, Transition,
    },
    values::IdOrSlug,
};

use super::{
    a_draft, a_post, is_over, listed, merge, operation, rename, run, tag, texts, used, walk,
};
use crate::site::{editor, site};

#[tokio::test]
async fn from_the_first_moment_on_the_new_name_stands_for_the_old_one() {
    let site = site().await;
    let draft = a_draft(&site, "Borrador", &["AWS", "Js"]).await;
    let post = a_post(&site, "Publicado", &["js", "AWS"]).await;
    let begun = rename(&site, "JS", "JavaScript").await.unwrap();
    assert_eq!((begun.done, begun.total), (0, 1));

    let expected = ["Publicado"];
    for name in ["js", "JS", "javascript", "JavaScript"] {
        assert_eq!(listed(&site, name, 1).await, expected, "{name}");
    }
    assert_eq!(used(&site).await, "aws=1 javascript=1");
    let seen = site.posts.get(&editor(), draft.post.standing.id).await;
    let seen = seen.unwrap().copy.post;
    assert_eq!(texts(&seen.content.tags), ["AWS", "JavaScript"]);
    assert_eq!(seen.tag(), draft.post.tag(), "and nothing was written");
    let live = async || {
        let live = site.posts.get_live(&editor(), post.post.standing.id).await;
        live.unwrap().summary
    };
    assert_eq!(texts(&live().await.tags), ["JavaScript", "AWS"]);

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
    for name in ["js", "javascript"] {
        assert_eq!(listed(&site, name, 1).await, expected, "{name}");
    }
    assert_eq!(used(&site).await, "aws=1 javascript=1");
    assert_eq!(texts(&live().await.tags), ["JavaScript", "AWS"]);
}

#[tokio::test]
async fn rows_and_old_revisions_name_the_target_and_pages_go_on() {
    let site = site().await;
    let mut last = None;
    for n in 0..4 {
        last = Some(a_post(&site, &format!("Post {n}"), &["js"]).await);
    }
    a_post(&site, "Otro", &["ecma"]).await;
    let facet = PublicFacet::Tag(tag("js"));
    let mut page = PageRequest {
        limit: Limit::new(2).unwrap(),
        cursor: None,
    };
    let first = site.posts.list_public(facet.clone(), &page).await.unwrap();
    merge(&site, "js", "Ecma").await.unwrap();
    page.cursor = first.next;
    let second = site.posts.list_public(facet.clone(), &page).await.unwrap();
    let titles: Vec<_> = second.items.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["Post 1", "Post 0"], "the walk goes on");
    run(&site).await;
    let again = site.posts.list_public(facet, &page).await.unwrap();
    assert_eq!(again.items, second.items);
    for row in again.items {
        assert_eq!(texts(&row.tags), ["Ecma"]);
    }
    let post = last.unwrap().post;
    let (id, revision) = (post.standing.id, post.standing.revision);
    let old = site.posts.get_revision(&editor(), id, revision).await;
    assert_eq!(texts(&old.unwrap().content.tags), ["Ecma"]);
}

#[tokio::test]
async fn a_post_with_both_is_listed_once_and_counted_once_in_the_end() {
    let site = site().await;
    let both = a_post(&site, "Ambas", &["Rust", "js", "RustLang"]).await;
    a_post(&site, "Una", &["js"]).await;
    let begun = merge(&site, "js", "Rust").await.unwrap();
    assert_eq!(listed(&site, "rust", 5).await, ["Una", "Ambas"]);
    assert_eq!(
        used(&site).await,
        "rust=3 rustlang=1",
        "until it has arrived"
    );
    run(&site).await;
    assert_eq!(operation(&site, begun.id).await.done, 2);
    assert_eq!(listed(&site, "rust", 5).await, ["Una", "Ambas"]);
    assert_eq!(used(&site).await, "rust=2 rustlang=1");
    let live = site.posts.get_live(&editor(), both.post.standing.id).await;
    assert_eq!(texts(&live.unwrap().summary.tags), ["Rust", "RustLang"]);
}

#[tokio::test]
async fn what_is_planned_moves_too_and_appears_under_the_target() {
    let site = site().await;
    let copy = a_draft(&site, "Planeado", &["js"]).await;
    a_post(&site, "Otro", &["js"]).await;
    let plan = Plan {
        publish_at: Some(site.now().after(Duration::from_mins(10))),
        unpublish_at: Some(site.now().after(Duration::from_mins(20))),
    };
    let (id, version) = (copy.post.standing.id, copy.post.tag());
    let planned = site.posts.schedule(&editor(), id, version, plan).await;
    planned.unwrap();
    let begun = rename(&site, "js", "JavaScript").await.unwrap();
    run(&site).await;
    assert_eq!(operation(&site, begun.id).await.done, 2);
    assert_eq!(used(&site).await, "javascript=1");
    site.clock.forward(600_000);
    assert_eq!(listed(&site, "js", 5).await, ["Planeado", "Otro"]);
    assert_eq!(used(&site).await, "javascript=2");
    site.posts.keep_house().await.unwrap();
    assert_eq!(used(&site).await, "javascript=2");
    site.clock.forward(600_000);
    site.posts.keep_house().await.unwrap();
    assert_eq!(listed(&site, "javascript", 5).await, ["Otro"]);
    assert_eq!(used(&site).await, "javascript=1");
}

#[tokio::test]
async fn what_appears_and_vanishes_while_posts_move_is_counted_for_the_target() {
    let site = site().await;
    let copy = a_draft(&site, "Planeado", &["js"]).await;
    a_post(&site, "Otro", &["js"]).await;
    let plan = Plan {
        publish_at: Some(site.now().after(Duration::from_secs(5))),
        unpublish_at: Some(site.now().after(Duration::from_secs(30))),
    };
    let (id, version) = (copy.post.standing.id, copy.post.tag());
    let planned = site.posts.schedule(&editor(), id, version, plan).await;
    planned.unwrap();
    rename(&site, "js", "JavaScript").await.unwrap();
    site.clock.forward(6_000);
    assert_eq!(used(&site).await, "javascript=2");
    site.posts.keep_house().await.unwrap();
    assert_eq!(used(&site).await, "javascript=2");
    site.clock.forward(30_000);
    assert_eq!(used(&site).await, "javascript=1");
    run(&site).await;
    site.posts.keep_house().await.unwrap();
    assert_eq!(used(&site).await, "javascript=1");
    assert_eq!(listed(&site, "js", 5).await, ["Otro"]);
}

#[tokio::test]
async fn what_is_archived_shows_the_target_and_comes_back_under_it() {
    let site = site().await;
    let copy = a_post(&site, "Viejo", &["js"]).await;
    a_post(&site, "Otro", &["js"]).await;
    let (id, version) = (copy.post.standing.id, copy.post.tag());
    let editor = editor();
    let archive = Transition::Archive;
    let archived = site.posts.transition(&editor, id, version, archive).await;
    let copy = archived.unwrap().shown.copy;
    rename(&site, "js", "JavaScript").await.unwrap();
    run(&site).await;
    let live = site.posts.get_live(&editor, id).await.unwrap();
    assert_eq!(texts(&live.summary.tags), ["JavaScript"]);
    site.publish(&copy).await.unwrap();
    assert_eq!(listed(&site, "js", 5).await, ["Otro", "Viejo"]);
    assert_eq!(used(&site).await, "javascript=2");
}

#[tokio::test]
async fn merges_in_a_row_end_where_the_last_one_leads() {
    let site = site().await;
    for name in ["uno", "dos", "tres"] {
        a_post(&site, &format!("En {name}"), &[name]).await;
    }
    merge(&site, "uno", "dos").await.unwrap();
    merge(&site, "dos", "tres").await.unwrap();
    rename(&site, "tres", "Cuatro").await.unwrap();
    let expected = ["En tres", "En dos", "En uno"];
    for name in ["uno", "dos", "tres", "cuatro"] {
        assert_eq!(listed(&site, name, 2).await, expected, "{name}");
    }
    assert_eq!(used(&site).await, "cuatro=3");
    run(&site).await;
    for name in ["uno", "dos", "tres", "cuatro"] {
        assert_eq!(listed(&site, name, 2).await, expected, "{name}");
    }
    assert_eq!(used(&site).await, "cuatro=3");
}

#[tokio::test]
async fn other_filters_narrow_the_list_of_a_name_that_went() {
    let site = site().await;
    for n in 0..3 {
        a_post(&site, &format!("Post {n}"), &["js", "AWS"]).await;
    }
    let category = site.a_category("Nube").await;
    let mut new = crate::site::draft("Archivado en nube");
    (new.tags, new.category_ids) = (vec![tag("js")], vec![category]);
    let copy = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    site.clock.forward(1000);
    site.publish(&copy).await.unwrap();
    let draft = a_draft(&site, "Borrador", &["js"]).await;
    let begun = rename(&site, "js", "JavaScript").await.unwrap();
    let facets = |name: &str| Facets {
        tag: Some(tag(name)),
        locale: Some("es".parse().unwrap()),
        category: Some(Filed {
            under: IdOrSlug::Id(category),
            descendants: false,
        }),
        ..Facets::default()
    };
    for _ in 0..2 {
        for name in ["js", "JavaScript"] {
            let query = PublicQuery {
                facets: facets(name),
                ..PublicQuery::default()
            };
            assert_eq!(walk(&site, query, 1).await, ["Archivado en nube"]);
            let mut query = DeskQuery::of(DeskSet::Status(StatusName::Draft));
            query.facets.tag = Some(tag(name));
            let page = PageRequest::default();
            let drafts = site.posts.list_desk(&editor(), query, &page).await.unwrap();
            assert_eq!(drafts.items[0].standing.id, draft.post.standing.id);
            assert_eq!(texts(&drafts.items[0].content.tags), ["JavaScript"]);
        }
        run(&site).await;
    }
    assert!(is_over(&operation(&site, begun.id).await));
}
