//! Authors who write during a merge, also on servers with an old tree.

use std::{sync::Arc, time::Duration};

use tintero_domain::{
    audit_action::AuditAction,
    clock::Ids as _,
    freshness::Freshness,
    page::PageRequest,
    posts::{InlineRenderer, Ports, PostPatch, PostStore as _, Posts, Schedule, Transition},
    writes::{WriteContext, WriteOutcome},
};
use tintero_storage::{CursorKey, CursorKeys, DynamoImageStore};

use super::{Stage, TAXA, Taxon, operation, run, set, stage, tag, tags};
use crate::site::{Site, editor};

#[tokio::test]
async fn an_entity_tag_stays_valid_after_the_relocation() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let read = stage.post("Post", &["uno"]).await;
        stage.merge("uno", "dos").await;
        run(site).await;
        let now = site.read(read.post.state.id).await.post;
        assert_eq!(now.tag(), read.post.tag());
        assert!(!now.has_unpublished_changes());
        let mut patch = PostPatch {
            title: Some("Otro".parse().unwrap()),
            ..PostPatch::default()
        };
        if taxon == Taxon::Tag {
            patch.tags = Some(tags(&["UNO", "tres"]));
        }
        let copy = site.update(&read, patch).await;
        assert_eq!(stage.names_in(&copy.post.content)[0], "dos");
        site.publish(&copy).await.unwrap();
        assert_eq!(stage.listed("uno", 5).await, ["Otro"]);
        assert_eq!(stage.count("dos").await, 1);
    }
}

#[tokio::test]
async fn the_store_rejects_a_write_that_read_the_post_before_the_relocation() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let read = stage.post("Post", &["uno"]).await;
        let store = site.post_store();
        let id = read.post.state.id;
        let before = store.find_post(id, Freshness::Now, site.now()).await;
        let before = before.unwrap().unwrap();
        stage.merge("uno", "dos").await;
        run(site).await;
        let mut after = before.clone();
        after.state.version = before.state.version.next();
        let context = WriteContext {
            id: site.ids.next(),
            actor: None,
            key: None,
            action: AuditAction::PublishPost,
            at: site.now(),
            request_id: "test".to_owned(),
            idempotency: None,
            step: None,
        };
        let outcome = store.update(&context, &before, &after, &[]).await.unwrap();
        assert_eq!(outcome, WriteOutcome::Conflict);
    }
}

/// The posts of another server, which has cached the current tree.
async fn other_server(site: &Site) -> Posts {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let store = Arc::new(site.post_store());
    let ports = Ports {
        store: store.clone(),
        history: store.clone(),
        links: store,
        images: Arc::new(DynamoImageStore::new(site.dynamo.clone(), cursors)),
        site: site.sites.clone(),
        renderer: Arc::new(InlineRenderer),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    };
    let other = Posts::new(ports);
    let facet = tintero_domain::posts::PublicFacet::Tag(tag("uno"));
    let page = PageRequest::default();
    other.list_public(facet, &page).await.unwrap();
    other
}

async fn publish(
    posts: &Posts,
    copy: &tintero_domain::posts::WorkingCopy,
    stage: &Stage,
) -> Vec<String> {
    let (id, version) = (copy.post.state.id, copy.post.tag());
    let published = posts.publish(&editor(), id, version, None).await.unwrap();
    let live = published.rendered.copy.post.live().unwrap().clone();
    stage.names(&live.category_ids, &live.tags, &live.byline_ids)
}

#[tokio::test]
async fn a_server_with_an_old_tree_publishes_under_the_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        stage.post("Ya", &["uno"]).await;
        let one = stage.draft("Tarde", &["uno"]).await;
        let all = stage.draft("Mucho", &super::NAMES).await;
        let others = [other_server(site).await, other_server(site).await];
        stage.merge("uno", "dos").await;
        for (other, copy) in others.iter().zip([&one, &all]) {
            let names = publish(other, copy, &stage).await;
            assert!(names.contains(&"dos".to_owned()), "{names:?}");
            assert!(!names.contains(&"uno".to_owned()), "{names:?}");
        }
        run(site).await;
        assert_eq!(stage.listed("uno", 5).await.len(), 3);
        assert_eq!(stage.count("dos").await, 3);
    }
}

#[tokio::test]
async fn a_server_with_an_old_tree_creates_a_post_in_the_target() {
    let stage = stage(Taxon::Category).await;
    let other = other_server(&stage.site).await;
    stage.merge("uno", "dos").await;
    let mut new = crate::site::draft("Nuevo");
    new.category_ids = stage.ids(&["uno"]);
    let created = other.create(&editor(), new).await.unwrap();
    assert_eq!(stage.names_in(&created.rendered.copy.post.content), ["dos"]);
}

#[tokio::test]
async fn a_server_with_an_old_tree_schedules_under_the_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        stage.post("Ya", &["uno"]).await;
        let copy = stage.draft("Luego", &["uno"]).await;
        let other = other_server(site).await;
        stage.merge("uno", "dos").await;
        assert_eq!(schedule(&other, &copy, &stage).await, ["dos"]);
        site.clock.forward(60_000);
        run(site).await;
        assert_eq!(stage.count("dos").await, 2);
    }
}

async fn schedule(
    posts: &Posts,
    copy: &tintero_domain::posts::WorkingCopy,
    stage: &Stage,
) -> Vec<String> {
    let schedule = Schedule {
        publish_at: Some(stage.site.now().after(Duration::from_mins(1))),
        unpublish_at: None,
    };
    let (id, version) = (copy.post.state.id, copy.post.tag());
    let scheduled = posts.schedule(&editor(), id, version, schedule).await;
    let status = scheduled.unwrap().rendered.copy.post.state.status;
    let live = &status.phases()[0].value;
    stage.names(&live.category_ids, &live.tags, &live.byline_ids)
}

/// A write that changes many counters counts later and does not check them.
#[tokio::test]
async fn a_server_with_an_old_tree_publishes_many_tags_with_the_new_name() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.post("Ya", &["uno"]).await;
    let names = |prefix: &str, n: u32| (0..n).map(|n| format!("{prefix} {n}")).collect::<Vec<_>>();
    let old = names("other", 15);
    let old: Vec<_> = old.iter().map(String::as_str).collect();
    let changed = stage.post("Mucho", &old).await;
    let mut new: Vec<_> = names("tag", 14).iter().map(|name| tag(name)).collect();
    new.push(tag("uno"));
    let patch = PostPatch {
        tags: Some(new),
        ..PostPatch::default()
    };
    let changed = site.update(&changed, patch).await;
    let other = other_server(site).await;
    stage.merge("uno", "dos").await;
    let published = publish(&other, &changed, &stage).await;
    assert!(published.contains(&"dos".to_owned()) && !published.contains(&"uno".to_owned()));
    run(site).await;
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(stage.listed("uno", 5).await.len(), 2);
    assert_eq!(stage.count("dos").await, 2);
}

#[tokio::test]
async fn a_server_with_an_old_tree_uses_the_restored_name_of_a_tag() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.post("Ya", &["uno"]).await;
    let late = stage.draft("Tarde", &["dos"]).await;
    let scheduled = stage.draft("Luego", &["dos"]).await;
    stage.merge("uno", "dos").await;
    run(site).await;
    let others = [other_server(site).await, other_server(site).await];
    // The number of retired tags is the same as before.
    stage.merge("dos", "uno").await;
    assert_eq!(publish(&others[0], &late, &stage).await, ["uno"]);
    assert_eq!(schedule(&others[1], &scheduled, &stage).await, ["uno"]);
    site.clock.forward(60_000);
    run(site).await;
    assert_eq!(stage.count("uno").await, 3);
}

async fn race(taxon: Taxon) {
    let stage = Arc::new(stage(taxon).await);
    let mut copies = Vec::new();
    for n in 0..45 {
        let names: &[&str] = match n % 3 {
            0 => &["uno"],
            1 => &["uno", "dos"],
            _ => &["dos"],
        };
        copies.push(stage.post(&format!("Post {n}"), names).await);
    }
    let begun = stage.merge("uno", "dos").await;
    let writer = {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move {
            for copy in copies {
                let copy = stage.site.publish(&copy).await.unwrap();
                stage.site.transition(&copy, Transition::Submit).await;
            }
        })
    };
    stage.site.clock.forward(11_000);
    let relocation = {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move {
            let runner = stage.site.runner();
            while !operation(&stage.site, begun.id).await.is_finished() {
                runner.poll().await.unwrap();
            }
        })
    };
    let mut reads = 0;
    while reads == 0 || !writer.is_finished() || !relocation.is_finished() {
        let titles = stage.listed("dos", 7).await;
        assert_eq!((titles.len(), set(&titles).len()), (45, 45));
        reads += 1;
    }
    writer.await.unwrap();
    relocation.await.unwrap();
    assert_eq!(operation(&stage.site, begun.id).await.failures, []);
    assert_eq!(stage.count("dos").await, 45);
    assert_eq!(stage.listed("uno", 7).await.len(), 45);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_categories_are_complete_during_concurrent_writes() {
    race(Taxon::Category).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_bylines_are_complete_during_concurrent_writes() {
    race(Taxon::Byline).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_tags_are_complete_during_concurrent_writes() {
    race(Taxon::Tag).await;
}
