//! Names that come back, and names that do not.

use tintero_domain::{Error, error::TagUse};

use super::{a_draft, a_post, listed, merge, operation, rename, run, tag, texts, used};
use crate::site::{Site, editor, site};

async fn shown(site: &Site, copy: &tintero_domain::posts::WorkingCopy) -> Vec<String> {
    let id = copy.post.state.id;
    let seen = site.posts.get(&editor(), id).await.unwrap();
    let tags = texts(&seen.copy.post.content.tags);
    tags.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_name_comes_back_once_no_post_is_left_in_its_list() {
    let site = site().await;
    let draft = a_draft(&site, "Borrador", &["js"]).await;
    a_post(&site, "Post", &["js"]).await;
    let there = rename(&site, "js", "JavaScript").await.unwrap();
    let refused = rename(&site, "javascript", "Js").await;
    assert!(
        matches!(
            refused,
            Err(Error::TagTaken {
                by: TagUse::Leaving,
                ..
            })
        ),
        "{refused:?}"
    );
    run(&site).await;
    let back = rename(&site, "javascript", "Js").await.unwrap();
    assert_ne!(back.id, there.id);
    for name in ["js", "JavaScript"] {
        assert_eq!(listed(&site, name, 5).await, ["Post"], "{name}");
    }
    assert_eq!(used(&site).await, "js=1");
    assert_eq!(shown(&site, &draft).await, ["js"]);
    run(&site).await;
    assert_eq!(operation(&site, back.id).await.done, 1);
    assert_eq!(listed(&site, "javascript", 5).await, ["Post"]);
    assert_eq!(used(&site).await, "js=1");
    a_post(&site, "Nuevo", &["JS", "JavaScript"]).await;
    assert_eq!(listed(&site, "js", 5).await, ["Nuevo", "Post"]);
    assert_eq!(used(&site).await, "js=2");
}

#[tokio::test]
async fn names_go_to_and_fro_without_a_circle() {
    let site = site().await;
    a_post(&site, "Post", &["a"]).await;
    for _ in 0..3 {
        for (from, to) in [("a", "b"), ("b", "c"), ("c", "a")] {
            rename(&site, from, to).await.unwrap();
            for name in ["a", "b", "c"] {
                let is_known = name == from || name == to;
                let found = listed(&site, name, 5).await;
                assert!(!is_known || found == ["Post"], "{from} {to} {name}");
            }
            run(&site).await;
            assert_eq!(used(&site).await, format!("{to}=1"));
        }
    }
}

#[tokio::test]
async fn a_runner_that_comes_late_leaves_a_name_alone_that_came_back() {
    let site = site().await;
    a_post(&site, "Post", &["js"]).await;
    let first = rename(&site, "js", "JavaScript").await.unwrap();
    site.clock.forward(11_000);
    // The power goes between the last step and its being written down.
    let runner = site.runner();
    while listed_in_js(&site).await > 0 {
        runner.round().await.unwrap();
    }
    site.wire.on({
        let mut writes = 0;
        move |call| {
            if call.operation != "TransactWriteItems" {
                return tintero_embedded::faults::FaultAction::Pass;
            }
            writes += 1;
            if writes == 2 {
                tintero_embedded::faults::FaultAction::CrashBefore
            } else {
                tintero_embedded::faults::FaultAction::Pass
            }
        }
    });
    let _ = runner.round().await;
    site.wire.clear();
    assert!(!super::is_over(&operation(&site, first.id).await));
    rename(&site, "javascript", "js").await.unwrap();
    run(&site).await;
    assert!(super::is_over(&operation(&site, first.id).await));
    assert_eq!(listed(&site, "js", 5).await, ["Post"]);
    assert_eq!(used(&site).await, "js=1");
}

/// Posts in the very list of the old name.
async fn listed_in_js(site: &Site) -> usize {
    use tintero_domain::posts::{ListKey, PostStore as _};
    let list = ListKey::Tag(tag("js"));
    let store = site.post_store();
    store.filed_under(&list, None, 10).await.unwrap().len()
}

#[tokio::test]
async fn a_name_that_another_tag_stands_for_is_nobody_elses() {
    let site = site().await;
    a_post(&site, "Uno", &["js"]).await;
    a_post(&site, "Dos", &["rust"]).await;
    rename(&site, "js", "JavaScript").await.unwrap();
    run(&site).await;
    let refused = rename(&site, "rust", "js").await;
    let Err(Error::TagTaken { name, by }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((name, by), (tag("js"), TagUse::Alias(tag("JavaScript"))));
    merge(&site, "rust", "js").await.unwrap();
    run(&site).await;
    assert_eq!(used(&site).await, "javascript=2");
}
