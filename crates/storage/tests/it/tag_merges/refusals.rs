use tintero_domain::{
    Error,
    access::Role,
    error::{Resource, TagUse},
    operations::{Outcome, State},
    posts::Transition,
};

use super::{a_draft, a_post, listed, merge, operation, rename, run, tag, used};
use crate::site::{Site, caller, editor, site};

fn pointer<T: std::fmt::Debug>(refused: tintero_domain::Result<T>) -> String {
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    errors.iter().next().unwrap().pointer.clone()
}

async fn unpublish(site: &Site, copy: &tintero_domain::posts::WorkingCopy) {
    let (id, version) = (copy.post.standing.id, copy.post.tag());
    let back = Transition::Unpublish;
    let done = site.posts.transition(&editor(), id, version, back).await;
    done.unwrap();
}

#[tokio::test]
async fn a_tag_that_no_published_post_has_is_no_tag() {
    let site = site().await;
    a_draft(&site, "Borrador", &["js"]).await;
    let copy = a_post(&site, "Antes", &["old"]).await;
    unpublish(&site, &copy).await;
    a_post(&site, "Post", &["rust"]).await;
    for from in ["js", "old", "never there"] {
        for refused in [
            rename(&site, from, "New").await,
            merge(&site, from, "rust").await,
        ] {
            assert!(
                matches!(refused, Err(Error::NotFound(Resource::Tag))),
                "{from}: {refused:?}"
            );
        }
    }
    for into in ["js", "old", "never there"] {
        let refused = merge(&site, "rust", into).await;
        assert_eq!(pointer(refused), "/into", "{into}");
    }
}

#[tokio::test]
async fn names_must_be_others_and_nobodys() {
    let site = site().await;
    a_post(&site, "Uno", &["Rust"]).await;
    a_post(&site, "Dos", &["js"]).await;
    assert_eq!(pointer(rename(&site, "rust", "RUST").await), "/name");
    assert_eq!(pointer(merge(&site, "rust", "RUST").await), "/into");
    let refused = rename(&site, "js", "RUST").await;
    let Err(Error::TagTaken { name, by }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((name.as_str(), by), ("RUST", TagUse::Posts));
    let (who, from, to) = (caller(Role::Author, 9), tag("js"), tag("ts"));
    for refused in [
        site.tags.rename(&who, &from, &to).await,
        site.tags.merge(&who, &from, &tag("rust")).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
    merge(&site, "js", "Rust").await.unwrap();
    let refused = rename(&site, "js", "ts").await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    let refused = merge(&site, "rust", "js").await;
    assert_eq!(pointer(refused), "/into", "that is rust itself");
}

#[tokio::test]
async fn what_was_given_up_is_taken_up_again_by_asking_again() {
    let site = site().await;
    for n in 0..3 {
        a_post(&site, &format!("Post {n}"), &["js"]).await;
    }
    let first = rename(&site, "js", "JavaScript").await.unwrap();
    let same = rename(&site, "JS", "javascript").await.unwrap();
    assert_eq!(same.id, first.id, "it is under way");
    let cancelled = site.operations.cancel(&editor(), first.id).await;
    assert!(cancelled.unwrap().stop_wanted);
    run(&site).await;
    let first = operation(&site, first.id).await;
    assert!(matches!(
        first.state,
        State::Finished {
            outcome: Outcome::Cancelled,
            ..
        }
    ));
    assert_eq!(listed(&site, "JavaScript", 2).await.len(), 3);
    assert_eq!(used(&site).await, "javascript=3");
    let second = rename(&site, "js", "JavaScript").await.unwrap();
    assert_ne!(second.id, first.id);
    run(&site).await;
    assert_eq!(operation(&site, second.id).await.done, 3);
    let known = rename(&site, "js", "JavaScript").await.unwrap();
    assert_eq!(known.id, second.id, "it is done");
    let merged = merge(&site, "js", "JavaScript").await.unwrap();
    assert_eq!(merged.id, second.id, "by whichever way it is asked for");
}

#[tokio::test]
async fn a_tag_that_is_there_by_a_plan_alone_is_there() {
    let site = site().await;
    let copy = a_draft(&site, "Planeado", &["js"]).await;
    let plan = tintero_domain::posts::Plan {
        publish_at: Some(site.now().after(std::time::Duration::from_mins(1))),
        unpublish_at: None,
    };
    let (id, version) = (copy.post.standing.id, copy.post.tag());
    let planned = site.posts.schedule(&editor(), id, version, plan).await;
    planned.unwrap();
    let refused = rename(&site, "js", "JavaScript").await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    site.clock.forward(60_000);
    a_post(&site, "Otro", &["rust"]).await;
    let refused = rename(&site, "rust", "js").await;
    assert!(
        matches!(refused, Err(Error::TagTaken { .. })),
        "{refused:?}"
    );
    rename(&site, "js", "JavaScript").await.unwrap();
    assert_eq!(used(&site).await, "javascript=1 rust=1");
    site.posts.keep_house().await.unwrap();
    assert_eq!(used(&site).await, "javascript=1 rust=1");
    run(&site).await;
    assert_eq!(used(&site).await, "javascript=1 rust=1");
    assert_eq!(listed(&site, "javascript", 5).await, ["Planeado"]);
}
