//! Rules for renaming and merging of tags.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::Role,
    error::{Resource, TagUse},
    operations::Operation,
    page::PageRequest,
    posts::{
        CategoryFilter, DeskQuery, DeskSet, Facets, ListKey, PostStore as _, PublicQuery, Schedule,
        StatusName, Transition,
    },
    values::IdOrSlug,
};
use tintero_embedded::faults::FaultAction;

use super::{Stage, Taxon, faults::fail, operation, run, stage, tag, titles};
use crate::site::{Site, caller, editor};

type Outcome = tintero_domain::Result<Operation>;

async fn rename(site: &Site, from: &str, name: &str) -> Outcome {
    site.tags.rename(&editor(), &tag(from), &tag(name)).await
}

async fn merge(site: &Site, from: &str, into: &str) -> Outcome {
    site.tags.merge(&editor(), &tag(from), &tag(into)).await
}

fn pointer(refused: Outcome) -> String {
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    errors.iter().next().unwrap().pointer.clone()
}

/// All tags with their counts.
async fn used(site: &Site) -> String {
    let found = site.tags.list(&PageRequest::default()).await.unwrap();
    let counted = found.items.into_iter();
    let counted = counted.map(|tag| format!("{}={}", tag.folded, tag.post_count));
    counted.collect::<Vec<_>>().join(" ")
}

async fn names_of_draft(stage: &Stage, copy: &tintero_domain::posts::WorkingCopy) -> Vec<String> {
    let read = stage.site.read(copy.post.state.id).await;
    stage.names_in(&read.post.content)
}

#[tokio::test]
async fn a_renamed_tag_is_found_in_any_letter_case() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    let draft = stage.draft("Borrador", &["AWS", "Js"]).await;
    let post = stage.post("Publicado", &["js", "AWS"]).await;
    let begun = rename(site, "JS", "JavaScript").await.unwrap();
    for _ in 0..2 {
        for name in ["js", "JS", "javascript", "JavaScript"] {
            assert_eq!(stage.listed(name, 1).await, ["Publicado"], "{name}");
        }
        assert_eq!(used(site).await, "aws=1 javascript=1");
        assert_eq!(names_of_draft(&stage, &draft).await, ["AWS", "JavaScript"]);
        assert_eq!(stage.live_names(&post).await, ["JavaScript", "AWS"]);
        run(site).await;
    }
    let again = rename(site, "js", "javascript").await.unwrap();
    assert_eq!(again.id, begun.id);
}

#[tokio::test]
async fn a_tag_without_published_posts_does_not_exist() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.draft("Borrador", &["js"]).await;
    let copy = stage.post("Antes", &["old"]).await;
    site.transition(&copy, Transition::Unpublish).await;
    stage.post("Post", &["rust"]).await;
    for from in ["js", "old", "unknown"] {
        for refused in [
            rename(site, from, "New").await,
            merge(site, from, "rust").await,
        ] {
            let is_not_found = matches!(refused, Err(Error::NotFound(Resource::Tag)));
            assert!(is_not_found, "{from}: {refused:?}");
        }
        assert_eq!(pointer(merge(site, "rust", from).await), "/into", "{from}");
    }
}

#[tokio::test]
async fn the_replacement_must_be_another_tag_and_a_new_name_unused() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.post("Uno", &["Rust"]).await;
    stage.post("Dos", &["js"]).await;
    assert_eq!(pointer(rename(site, "rust", "RUST").await), "/name");
    assert_eq!(pointer(merge(site, "rust", "RUST").await), "/into");
    let refused = rename(site, "js", "RUST").await;
    let Err(Error::TagTaken { name, by }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((name.as_str(), by), ("RUST", TagUse::Posts));
    let (author, from, to) = (caller(Role::Author, 9), tag("js"), tag("ts"));
    for refused in [
        site.tags.rename(&author, &from, &to).await,
        site.tags.merge(&author, &from, &tag("rust")).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
    merge(site, "js", "Rust").await.unwrap();
    let refused = rename(site, "js", "ts").await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    let refused = merge(site, "rust", "js").await;
    assert_eq!(pointer(refused), "/into", "js is an alias of rust");
}

#[tokio::test]
async fn a_tag_exists_once_a_scheduled_post_is_due() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    let copy = stage.draft("Planeado", &["js"]).await;
    let schedule = Schedule {
        publish_at: Some(site.now().after(Duration::from_mins(1))),
        unpublish_at: None,
    };
    site.schedule(&copy, schedule).await;
    let refused = rename(site, "js", "JavaScript").await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    site.clock.forward(60_000);
    stage.post("Otro", &["rust"]).await;
    let refused = rename(site, "rust", "js").await;
    assert!(
        matches!(refused, Err(Error::TagTaken { .. })),
        "{refused:?}"
    );
    rename(site, "js", "JavaScript").await.unwrap();
    assert_eq!(used(site).await, "javascript=1 rust=1");
    site.posts.run_cleanup().await.unwrap();
    assert_eq!(used(site).await, "javascript=1 rust=1");
    run(site).await;
    assert_eq!(used(site).await, "javascript=1 rust=1");
    assert_eq!(stage.listed("javascript", 5).await, ["Planeado"]);
}

#[tokio::test]
async fn other_filters_apply_to_the_list_of_a_retired_tag() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    for n in 0..3 {
        stage.post(&format!("Post {n}"), &["js", "AWS"]).await;
    }
    let category = site.a_category("Nube").await;
    let mut new = crate::site::draft("En nube");
    (new.tags, new.category_ids) = (vec![tag("js")], vec![category]);
    let copy = site.create(new).await;
    site.clock.forward(1000);
    site.publish(&copy).await.unwrap();
    let draft = stage.draft("Borrador", &["js"]).await;
    rename(site, "js", "JavaScript").await.unwrap();
    for _ in 0..2 {
        for name in ["js", "JavaScript"] {
            let facets = Facets {
                tags: vec![tag(name)],
                locales: vec!["es".parse().unwrap()],
                category: Some(CategoryFilter {
                    under: IdOrSlug::Id(category),
                    descendants: false,
                }),
                ..Facets::default()
            };
            let query = PublicQuery {
                facets,
                ..PublicQuery::default()
            };
            assert_eq!(titles(site, query, 1).await, ["En nube"]);
            let mut query = DeskQuery::of(DeskSet::Status(StatusName::Draft));
            query.facets.tags = vec![tag(name)];
            let page = PageRequest::default();
            let drafts = site.posts.list_desk(&editor(), query, &page).await.unwrap();
            assert_eq!(drafts.items[0].state.id, draft.post.state.id);
            assert_eq!(stage.names_in(&drafts.items[0].content), ["JavaScript"]);
        }
        run(site).await;
    }
}

#[tokio::test]
async fn an_old_name_can_be_used_again_after_the_operation() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    let draft = stage.draft("Borrador", &["js"]).await;
    stage.post("Post", &["js"]).await;
    let there = rename(site, "js", "JavaScript").await.unwrap();
    let refused = rename(site, "javascript", "Js").await;
    let Err(Error::TagTaken { by, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(by, TagUse::Leaving);
    run(site).await;
    let back = rename(site, "javascript", "Js").await.unwrap();
    assert_ne!(back.id, there.id);
    for name in ["js", "JavaScript"] {
        assert_eq!(stage.listed(name, 5).await, ["Post"], "{name}");
    }
    assert_eq!(used(site).await, "js=1");
    assert_eq!(names_of_draft(&stage, &draft).await, ["js"]);
    run(site).await;
    assert_eq!(operation(site, back.id).await.done, 1);
    assert_eq!(stage.listed("javascript", 5).await, ["Post"]);
    stage.post("Nuevo", &["JS", "JavaScript"]).await;
    assert_eq!(stage.listed("js", 5).await, ["Nuevo", "Post"]);
    assert_eq!(used(site).await, "js=2");
}

#[tokio::test]
async fn repeated_renaming_back_and_forth_makes_no_cycle() {
    let stage = stage(Taxon::Tag).await;
    stage.post("Post", &["a"]).await;
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a")].repeat(3) {
        rename(&stage.site, from, to).await.unwrap();
        for name in [from, to] {
            assert_eq!(stage.listed(name, 5).await, ["Post"], "{from} {to} {name}");
        }
        run(&stage.site).await;
        assert_eq!(used(&stage.site).await, format!("{to}=1"));
    }
}

#[tokio::test]
async fn a_late_runner_does_not_relocate_posts_of_a_reused_name() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.post("Post", &["js"]).await;
    let first = rename(site, "js", "JavaScript").await.unwrap();
    site.clock.forward(11_000);
    let runner = site.runner();
    let list = ListKey::Tag(tag("js"));
    let store = site.post_store();
    while !store
        .list_entries(&list, None, 10)
        .await
        .unwrap()
        .is_empty()
    {
        runner.poll().await.unwrap();
    }
    // The runner crashes after the last step, before it finishes the operation.
    fail(site, 2, FaultAction::CrashBefore);
    let _ = runner.poll().await;
    site.wire.clear();
    assert!(!operation(site, first.id).await.is_finished());
    rename(site, "javascript", "js").await.unwrap();
    run(site).await;
    assert!(operation(site, first.id).await.is_finished());
    assert_eq!(stage.listed("js", 5).await, ["Post"]);
    assert_eq!(used(site).await, "js=1");
}

#[tokio::test]
async fn an_alias_cannot_be_the_new_name_of_another_tag() {
    let stage = stage(Taxon::Tag).await;
    let site = &stage.site;
    stage.post("Uno", &["js"]).await;
    stage.post("Dos", &["rust"]).await;
    rename(site, "js", "JavaScript").await.unwrap();
    run(site).await;
    let refused = rename(site, "rust", "js").await;
    let Err(Error::TagTaken { name, by }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((name, by), (tag("js"), TagUse::Alias(tag("JavaScript"))));
    merge(site, "rust", "js").await.unwrap();
    run(site).await;
    assert_eq!(used(site).await, "javascript=2");
}
