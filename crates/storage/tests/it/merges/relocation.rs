use std::time::Duration;

use tintero_domain::{
    operations::OperationOutcome,
    page::{Limit, PageRequest},
    posts::{Schedule, Transition},
};

use super::{TAXA, operation, outcome, run, stage};
use crate::site::editor;

#[tokio::test]
async fn the_target_replaces_the_source_at_once() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let one = stage.draft("Borrador", &["uno"]).await;
        let both = stage.draft("Ambas", &["uno", "dos"]).await;
        let post = stage.post("Publicado", &["uno"]).await;
        stage.post("Otro", &["dos"]).await;
        let begun = stage.merge("uno", "dos").await;
        assert_eq!((begun.done, begun.total), (0, 1));
        for relocated in [false, true] {
            if relocated {
                run(site).await;
            }
            for name in ["uno", "dos"] {
                assert_eq!(stage.listed(name, 1).await, ["Otro", "Publicado"], "{name}");
            }
            assert_eq!(stage.count("dos").await, 2);
            assert_eq!(stage.live_names(&post).await, ["dos"]);
            for copy in [&one, &both] {
                let read = site.read(copy.post.state.id).await.post;
                assert_eq!(stage.names_in(&read.content), ["dos"]);
                assert_eq!(read.tag(), copy.post.tag(), "the version does not change");
            }
        }
        let ended = operation(site, begun.id).await;
        assert_eq!((ended.done, ended.failures.len()), (1, 0));
        assert_eq!(outcome(&ended), Some(OperationOutcome::Succeeded));
    }
}

#[tokio::test]
async fn rows_and_revisions_name_the_target_and_cursors_stay_valid() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let mut last = None;
        for n in 0..4 {
            last = Some(stage.post(&format!("Post {n}"), &["uno"]).await);
        }
        let mut page = PageRequest {
            limit: Limit::new(2).unwrap(),
            cursor: None,
        };
        let facet = stage.facet("uno");
        let first = site.posts.list_public(facet.clone(), &page).await.unwrap();
        stage.merge("uno", "dos").await;
        page.cursor = first.next;
        let second = site.posts.list_public(facet.clone(), &page).await.unwrap();
        let titles: Vec<_> = second.items.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, ["Post 1", "Post 0"]);
        run(site).await;
        let again = site.posts.list_public(facet, &page).await.unwrap();
        assert_eq!(again.items, second.items);
        for row in &again.items {
            assert_eq!(stage.names_shown(row), ["dos"]);
        }
        let post = last.unwrap().post;
        let (id, revision) = (post.state.id, post.state.revision);
        let old = site.posts.get_revision(&editor(), id, revision).await;
        assert_eq!(stage.names_in(&old.unwrap().content), ["dos"]);
    }
}

#[tokio::test]
async fn a_post_with_both_is_listed_once_and_finally_counted_once() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let both = stage.post("Ambas", &["dos", "uno", "tres"]).await;
        stage.post("Una", &["uno"]).await;
        let begun = stage.merge("uno", "dos").await;
        assert_eq!(stage.listed("dos", 5).await, ["Una", "Ambas"]);
        assert_eq!(stage.count("dos").await, 3, "before the relocation");
        run(&stage.site).await;
        assert_eq!(operation(&stage.site, begun.id).await.done, 2);
        assert_eq!(stage.listed("dos", 5).await, ["Una", "Ambas"]);
        assert_eq!(stage.count("dos").await, 2);
        assert_eq!(stage.count("tres").await, 1);
        assert_eq!(stage.live_names(&both).await, ["dos", "tres"]);
    }
}

#[tokio::test]
async fn a_scheduled_post_is_relocated_and_published_under_the_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let copy = stage.draft("Planeado", &["uno"]).await;
        stage.post("Otro", &["uno"]).await;
        let schedule = Schedule {
            publish_at: Some(site.now().after(Duration::from_mins(10))),
            unpublish_at: Some(site.now().after(Duration::from_mins(20))),
        };
        site.schedule(&copy, schedule).await;
        let begun = stage.merge("uno", "dos").await;
        run(site).await;
        assert_eq!(operation(site, begun.id).await.done, 2);
        assert_eq!(stage.count("dos").await, 1);
        site.clock.forward(600_000);
        for cleaned in [false, true] {
            if cleaned {
                site.posts.run_cleanup().await.unwrap();
            }
            assert_eq!(stage.listed("uno", 5).await, ["Planeado", "Otro"]);
            assert_eq!(stage.count("dos").await, 2);
        }
        site.clock.forward(600_000);
        site.posts.run_cleanup().await.unwrap();
        assert_eq!(stage.listed("dos", 5).await, ["Otro"]);
        assert_eq!(stage.count("dos").await, 1);
    }
}

#[tokio::test]
async fn a_schedule_that_ends_during_the_relocation_counts_for_the_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let copy = stage.draft("Planeado", &["uno"]).await;
        stage.post("Otro", &["uno"]).await;
        let schedule = Schedule {
            publish_at: Some(site.now().after(Duration::from_secs(5))),
            unpublish_at: Some(site.now().after(Duration::from_secs(30))),
        };
        site.schedule(&copy, schedule).await;
        stage.merge("uno", "dos").await;
        site.clock.forward(6_000);
        assert_eq!(stage.count("dos").await, 2);
        site.posts.run_cleanup().await.unwrap();
        assert_eq!(stage.count("dos").await, 2);
        site.clock.forward(30_000);
        assert_eq!(stage.count("dos").await, 1);
        run(site).await;
        site.posts.run_cleanup().await.unwrap();
        assert_eq!(stage.count("dos").await, 1);
        assert_eq!(stage.listed("uno", 5).await, ["Otro"]);
    }
}

#[tokio::test]
async fn an_ended_post_without_cleanup_does_not_block_the_relocation() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let copy = stage.post("Pasajero", &["uno"]).await;
        let schedule = Schedule {
            publish_at: None,
            unpublish_at: Some(site.now().after(Duration::from_secs(5))),
        };
        site.schedule(&copy, schedule).await;
        let begun = stage.merge("uno", "dos").await;
        site.clock.forward(60_000);
        run(site).await;
        assert!(operation(site, begun.id).await.is_finished());
        site.posts.run_cleanup().await.unwrap();
        assert!(stage.listed("dos", 5).await.is_empty());
        assert_eq!(stage.count("dos").await, 0);
    }
}

#[tokio::test]
async fn an_archived_post_gets_the_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        let copy = stage.post("Viejo", &["uno"]).await;
        stage.post("Otro", &["uno"]).await;
        let copy = site.transition(&copy, Transition::Archive).await;
        stage.merge("uno", "dos").await;
        run(site).await;
        assert_eq!(stage.live_names(&copy).await, ["dos"]);
        site.publish(&copy).await.unwrap();
        assert_eq!(stage.listed("uno", 5).await, ["Otro", "Viejo"]);
        assert_eq!(stage.count("dos").await, 2);
    }
}

#[tokio::test]
async fn consecutive_merges_end_in_the_last_target() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        for name in super::NAMES {
            stage.post(&format!("En {name}"), &[name]).await;
        }
        let draft = stage.draft("Borrador", &["uno"]).await;
        stage.merge("uno", "dos").await;
        stage.merge("dos", "tres").await;
        for relocated in [false, true] {
            if relocated {
                run(&stage.site).await;
            }
            for name in super::NAMES {
                let expected = ["En tres", "En dos", "En uno"];
                assert_eq!(stage.listed(name, 2).await, expected, "{name}");
            }
            assert_eq!(stage.count("tres").await, 3);
            let read = stage.site.read(draft.post.state.id).await;
            assert_eq!(stage.names_in(&read.post.content), ["tres"]);
        }
    }
}

#[tokio::test]
async fn a_repeated_merge_returns_its_operation_or_continues_a_cancelled_one() {
    for taxon in TAXA {
        let stage = stage(taxon).await;
        let site = &stage.site;
        stage.post("Post", &["uno"]).await;
        stage.post("Tres", &["tres"]).await;
        let first = stage.merge("uno", "dos").await;
        assert_eq!(stage.merge("uno", "dos").await.id, first.id);
        let other_target = stage.try_merge("uno", "tres").await;
        assert!(
            matches!(
                other_target,
                Err(tintero_domain::Error::Gone(_) | tintero_domain::Error::NotFound(_))
            ),
            "{other_target:?}"
        );
        let cancelled = site.operations.cancel(&editor(), first.id).await;
        assert!(cancelled.unwrap().cancel_requested);
        run(site).await;
        let cancelled = operation(site, first.id).await;
        assert_eq!(outcome(&cancelled), Some(OperationOutcome::Cancelled));
        assert_eq!(stage.listed("dos", 5).await, ["Post"]);
        assert_eq!(stage.count("dos").await, 1);
        let second = stage.merge("uno", "dos").await;
        assert_ne!(second.id, first.id);
        run(site).await;
        assert_eq!(operation(site, second.id).await.done, 1);
        assert_eq!(stage.listed("dos", 5).await, ["Post"]);
        assert_eq!(stage.merge("uno", "dos").await.id, second.id);
    }
}
