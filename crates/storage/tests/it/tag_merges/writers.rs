//! Authors at work while their posts are moved.

use std::sync::Arc;

use tintero_domain::{
    page::PageRequest,
    posts::{Inline, Plan, Ports, PostPatch, Posts, PublicFacet, Transition},
};
use tintero_storage::{CursorKey, CursorKeys};

use super::{a_draft, a_post, listed, merge, operation, rename, run, set, tag, texts, used};
use crate::site::{Site, editor, site};

#[tokio::test]
async fn what_an_author_has_read_stays_good_for_a_write() {
    let site = site().await;
    let read = a_post(&site, "Post", &["js"]).await;
    rename(&site, "js", "JavaScript").await.unwrap();
    run(&site).await;
    let (id, version) = (read.post.standing.id, read.post.tag());
    let now = site.posts.get(&editor(), id).await.unwrap().copy;
    assert_eq!(now.post.tag(), version);
    assert!(!now.post.has_unpublished_changes());
    let patch = PostPatch {
        title: Some("Otro".parse().unwrap()),
        tags: Some(vec![tag("JS"), tag("Nube")]),
        ..PostPatch::default()
    };
    let effect = site.posts.update(&editor(), id, version, patch).await;
    let copy = effect.unwrap().shown.copy;
    assert_eq!(texts(&copy.post.content.tags), ["JavaScript", "Nube"]);
    site.publish(&copy).await.unwrap();
    assert_eq!(listed(&site, "js", 5).await, ["Otro"]);
    assert_eq!(used(&site).await, "javascript=1 nube=1");
}

/// Posts as another server sees them, which knows the tags as they were before.
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
    let page = PageRequest::default();
    let facet = PublicFacet::Tag(tag("js"));
    other.list_public(facet, &page).await.unwrap();
    other
}

#[tokio::test]
async fn a_server_that_does_not_know_yet_publishes_under_the_target() {
    let site = site().await;
    a_post(&site, "Ya", &["js"]).await;
    let few = a_draft(&site, "Tarde", &["js"]).await;
    let many: Vec<_> = (0..14).map(|n| format!("tag {n}")).collect();
    let mut many: Vec<_> = many.iter().map(String::as_str).collect();
    many.push("js");
    // A change of so many counters at once is counted later, and asks none of them.
    let before: Vec<_> = (0..15).map(|n| format!("other {n}")).collect();
    let before: Vec<_> = before.iter().map(String::as_str).collect();
    let changed = a_post(&site, "Mucho", &before).await;
    let (id, version) = (changed.post.standing.id, changed.post.tag());
    let patch = PostPatch {
        tags: Some(many.iter().map(|text| tag(text)).collect()),
        ..PostPatch::default()
    };
    let changed = site.posts.update(&editor(), id, version, patch).await;
    let changed = changed.unwrap().shown.copy;
    let others = [elsewhere(&site).await, elsewhere(&site).await];
    rename(&site, "js", "JavaScript").await.unwrap();
    for (other, copy) in others.iter().zip([few, changed]) {
        let (id, version) = (copy.post.standing.id, copy.post.tag());
        let published = other.publish(&editor(), id, version, None).await.unwrap();
        let live = published.shown.copy.post.live().unwrap().clone();
        let tags = texts(&live.tags);
        assert!(
            tags.contains(&"JavaScript") && !tags.contains(&"js"),
            "{tags:?}"
        );
    }
    run(&site).await;
    site.posts.keep_house().await.unwrap();
    assert_eq!(listed(&site, "js", 5).await.len(), 3);
    assert!(used(&site).await.starts_with("javascript=3 "));
}

#[tokio::test]
async fn a_server_that_does_not_know_yet_plans_under_the_target() {
    let site = site().await;
    a_post(&site, "Ya", &["js"]).await;
    let planned = a_draft(&site, "Luego", &["js"]).await;
    let other = elsewhere(&site).await;
    rename(&site, "js", "JavaScript").await.unwrap();
    let plan = Plan {
        publish_at: Some(site.now().after(std::time::Duration::from_mins(1))),
        unpublish_at: None,
    };
    let (id, version) = (planned.post.standing.id, planned.post.tag());
    let planned = other.schedule(&editor(), id, version, plan).await;
    let phases = planned.unwrap().shown.copy.post.standing.status;
    assert_eq!(texts(&phases.phases()[0].what.tags), ["JavaScript"]);
    site.clock.forward(60_000);
    run(&site).await;
    assert_eq!(used(&site).await, "javascript=2");
}

#[tokio::test]
async fn a_server_that_does_not_know_that_a_name_came_back_is_told() {
    let site = site().await;
    a_post(&site, "Ya", &["js"]).await;
    let late = a_draft(&site, "Tarde", &["JavaScript"]).await;
    let planned = a_draft(&site, "Luego", &["JavaScript"]).await;
    rename(&site, "js", "JavaScript").await.unwrap();
    run(&site).await;
    let others = [elsewhere(&site).await, elsewhere(&site).await];
    // As many tags are gone as before, and not the same.
    rename(&site, "JavaScript", "js").await.unwrap();
    let (id, version) = (late.post.standing.id, late.post.tag());
    let published = others[0].publish(&editor(), id, version, None).await;
    let live = published.unwrap().shown.copy.post.live().unwrap().clone();
    assert_eq!(texts(&live.tags), ["js"]);
    let plan = Plan {
        publish_at: Some(site.now().after(std::time::Duration::from_mins(1))),
        unpublish_at: None,
    };
    let (id, version) = (planned.post.standing.id, planned.post.tag());
    let planned = others[1].schedule(&editor(), id, version, plan).await;
    let status = planned.unwrap().shown.copy.post.standing.status;
    assert_eq!(texts(&status.phases()[0].what.tags), ["js"]);
    site.clock.forward(60_000);
    run(&site).await;
    assert_eq!(used(&site).await, "js=3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_writers_at_once_never_see_a_list_that_is_not_exact() {
    let site = Arc::new(site().await);
    let mut copies = Vec::new();
    for n in 0..45 {
        let tags: &[&str] = match n % 3 {
            0 => &["js"],
            1 => &["js", "Ecma"],
            _ => &["Ecma"],
        };
        copies.push(a_post(&site, &format!("Post {n}"), tags).await);
    }
    let begun = merge(&site, "js", "Ecma").await.unwrap();
    let writer = {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            for copy in copies {
                let (id, version) = (copy.post.standing.id, copy.post.tag());
                let copy = site.posts.publish(&editor(), id, version, None).await;
                let post = copy.unwrap().shown.copy.post;
                let (id, version) = (post.standing.id, post.tag());
                let submit = Transition::Submit;
                let done = site.posts.transition(&editor(), id, version, submit).await;
                done.unwrap();
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
        let titles = listed(&site, "ecma", 7).await;
        assert_eq!((titles.len(), set(&titles).len()), (45, 45));
        looks += 1;
    }
    writer.await.unwrap();
    mover.await.unwrap();
    assert_eq!(operation(&site, begun.id).await.failures, []);
    assert_eq!(used(&site).await, "ecma=45");
    assert_eq!(listed(&site, "js", 7).await.len(), 45);
}
