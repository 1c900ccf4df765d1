//! Authors at work while their posts are moved.

use std::sync::Arc;

use tintero_domain::{
    act::{Act, Action},
    clock::Ids as _,
    freshness::Freshness,
    page::PageRequest,
    posts::{Commit, Inline, Ports, PostPatch, PostStore as _, Posts, PublicFacet, Transition},
    values::IdOrSlug,
};
use tintero_storage::{CursorKey, CursorKeys};

use super::{a_category, a_draft_in, a_post_in, listed, merge, operation, run, set, shown};
use crate::site::{Site, editor, site, slug};

#[tokio::test]
async fn what_an_author_has_read_stays_good_for_a_write() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let read = a_post_in(&site, "Post", &[from]).await;
    merge(&site, from, into).await;
    run(&site).await;
    let (id, tag) = (read.post.standing.id, read.post.tag());
    let now = site.posts.get(&editor(), id).await.unwrap().copy;
    assert_eq!(now.post.tag(), tag);
    assert!(!now.post.has_unpublished_changes());
    let patch = PostPatch {
        title: Some("Otro".parse().unwrap()),
        ..PostPatch::default()
    };
    let effect = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    site.publish(&effect.shown.copy).await.unwrap();
    assert_eq!(listed(&site, into, 5).await, ["Otro"]);
    assert_eq!(shown(&site, into).await.post_count, 1);
}

#[tokio::test]
async fn a_write_that_began_before_its_post_was_moved_is_refused_by_the_store() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let read = a_post_in(&site, "Post", &[from]).await;
    let store = site.post_store();
    let id = read.post.standing.id;
    let found = store.find_post(id, Freshness::Now, site.now()).await;
    let before = found.unwrap().unwrap();
    merge(&site, from, into).await;
    run(&site).await;
    let mut after = before.clone();
    after.standing.version = before.standing.version.next();
    let act = Act {
        id: site.ids.next(),
        actor: None,
        key: None,
        action: Action::PublishPost,
        at: site.now(),
        request_id: "test".to_owned(),
        idempotency: None,
        step: None,
    };
    let commit = store.update(&act, &before, &after, &[]).await.unwrap();
    assert_eq!(commit, Commit::Stale);
}

/// Posts as another server sees them, which knows the tree as it was before.
async fn elsewhere(site: &Site) -> Posts {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let store = Arc::new(site.post_store());
    let ports = Ports {
        store: store.clone(),
        history: store,
        images: Arc::new(tintero_storage::Images::new(site.dynamo.clone(), cursors)),
        renderer: Arc::new(Inline),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    let other = Posts::new(ports, "es".parse().unwrap());
    let facet = PublicFacet::Category(IdOrSlug::Slug(slug("dos")));
    let page = PageRequest::default();
    other.list_public(facet, &page).await.unwrap();
    other
}

#[tokio::test]
async fn a_server_that_does_not_know_yet_publishes_under_the_target() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let draft = a_draft_in(&site, "Tarde", &[from]).await;
    let many: Vec<_> = {
        let mut many = vec![from, into];
        for name in ["Tres", "Cuatro"] {
            many.push(a_category(&site, name).await);
        }
        many
    };
    let filed = a_draft_in(&site, "Mucho", &many).await;
    let other = elsewhere(&site).await;
    merge(&site, from, into).await;
    for copy in [draft, filed] {
        let (id, tag) = (copy.post.standing.id, copy.post.tag());
        let published = other.publish(&editor(), id, tag, None).await.unwrap();
        let live = published.shown.copy.post.live().unwrap().clone();
        assert!(live.category_ids.contains(&into) && !live.category_ids.contains(&from));
    }
    let mut new = crate::site::draft("Nuevo");
    new.category_ids = vec![from];
    let made = elsewhere(&site).await.create(&editor(), new).await.unwrap();
    assert_eq!(made.shown.copy.post.content.category_ids, [into]);
    run(&site).await;
    assert_eq!(listed(&site, into, 5).await.len(), 2);
    assert_eq!(shown(&site, into).await.post_count, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_writers_at_once_never_see_a_list_that_is_not_exact() {
    let site = Arc::new(site().await);
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let mut copies = Vec::new();
    for n in 0..60 {
        let categories = match n % 3 {
            0 => vec![from],
            1 => vec![from, into],
            _ => vec![into],
        };
        copies.push(a_post_in(&site, &format!("Post {n}"), &categories).await);
    }
    let begun = merge(&site, from, into).await;
    let writer = {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            for copy in copies {
                let (id, tag) = (copy.post.standing.id, copy.post.tag());
                let copy = site.posts.publish(&editor(), id, tag, None).await.unwrap();
                let (id, tag) = (copy.shown.copy.post.standing.id, copy.shown.copy.post.tag());
                let submit = Transition::Submit;
                site.posts
                    .transition(&editor(), id, tag, submit)
                    .await
                    .unwrap();
            }
        })
    };
    site.clock.forward(11_000);
    let mover = {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            let runner = site.runner();
            while !super::is_over(&operation(&site, begun.id).await) {
                runner.round().await.unwrap();
            }
        })
    };
    let mut looks = 0;
    while looks == 0 || !writer.is_finished() || !mover.is_finished() {
        let titles = listed(&site, into, 7).await;
        assert_eq!((titles.len(), set(&titles).len()), (60, 60));
        looks += 1;
    }
    writer.await.unwrap();
    mover.await.unwrap();
    assert_eq!(operation(&site, begun.id).await.failures, []);
    assert_eq!(shown(&site, into).await.post_count, 60);
    assert_eq!(listed(&site, into, 7).await.len(), 60);
}
