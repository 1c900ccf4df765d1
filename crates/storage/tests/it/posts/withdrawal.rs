//! Posts that stop being public, and their addresses.

use tintero_domain::{
    Error,
    access::Role,
    posts::{PostPatch, StatusName, Transition},
    values::Timestamp,
};

use crate::site::{DAWN, caller, draft, editor, site, slug, slug_patch};

#[tokio::test]
async fn an_unpublished_post_is_not_found_and_a_trashed_one_is_gone() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let first = copy.post.state.first_published_at;
    site.clock.forward(1000);
    let draft = site.transition(&copy, Transition::Unpublish).await;
    let found = site.public("hola").await;
    assert!(matches!(found, Err(Error::NotFound(_))));
    let trashed = site.transition(&draft, Transition::Trash).await;
    let found = site.public("hola").await;
    assert!(matches!(found, Err(Error::Gone(_))));
    let restored = site.transition(&trashed, Transition::Untrash).await;
    assert_eq!(restored.post.state.status.name(), StatusName::Draft);
    let again = site.publish(&restored).await.unwrap();
    assert_eq!(again.post.state.first_published_at, first);
    assert_eq!(
        again.post.state.published_at, first,
        "a second publication keeps the date"
    );
}

#[tokio::test]
async fn a_trashed_draft_that_was_never_public_is_not_found() {
    let site = site().await;
    let copy = site.a_post("Nunca").await;
    site.transition(&copy, Transition::Trash).await;
    let found = site.public("nunca").await;
    assert!(matches!(found, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_edit_of_a_trashed_post_is_refused_with_the_legal_transitions() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let trashed = site.transition(&copy, Transition::Trash).await;
    let editor = site.by(&editor());
    let refused = editor.update(&trashed, PostPatch::default()).await;
    let Err(Error::IllegalTransition(illegal)) = refused else {
        panic!("{refused:?}")
    };
    let legal: Vec<_> = illegal.legal.iter().map(|t| t.as_str()).collect();
    assert_eq!(legal, ["untrash", "purge"]);
}

#[tokio::test]
async fn an_author_may_publish_again_with_the_first_date() {
    let site = site().await;
    let author = site.by(&caller(Role::Author, 2));
    let copy = author.create(draft("Otra vez")).await.unwrap();
    let copy = author.publish(&copy, None).await.unwrap();
    site.clock.forward(1000);
    let copy = author.transition(&copy, Transition::Unpublish).await;
    let again = author.publish(&copy.unwrap(), None).await.unwrap();
    let first = Timestamp::from_millis(DAWN);
    assert_eq!(again.post.state.published_at, Some(first));
}

#[tokio::test]
async fn a_public_address_redirects_even_if_the_post_was_withdrawn_before_the_new_slug() {
    for away in [Transition::Unpublish, Transition::Trash] {
        let site = site().await;
        let copy = site.a_published_post("Uno").await;
        let mut copy = site.transition(&copy, away).await;
        if away == Transition::Trash {
            copy = site.transition(&copy, Transition::Untrash).await;
        }
        let copy = site.update(&copy, slug_patch("dos")).await;
        site.publish(&copy).await.unwrap();
        assert_eq!(site.redirected("uno").await, slug("dos"));
        let taken = site.posts.create(&editor(), draft("Uno")).await;
        assert!(matches!(taken, Err(Error::SlugTaken(_))));
    }
}

#[tokio::test]
async fn the_trash_does_not_reveal_an_address_that_was_never_public() {
    let site = site().await;
    let copy = site.a_published_post("Uno").await;
    let copy = site.update(&copy, slug_patch("secreto")).await;
    site.transition(&copy, Transition::Trash).await;
    let secret = site.public("secreto").await;
    assert!(matches!(secret, Err(Error::NotFound(_))));
    let gone = site.public("uno").await;
    assert!(matches!(gone, Err(Error::Gone(_))));
}

#[tokio::test]
async fn a_contributor_may_not_trash_a_public_post() {
    let site = site().await;
    let contributor = site.by(&caller(Role::Contributor, 3));
    let copy = contributor.create(draft("Mío")).await.unwrap();
    let copy = site.publish(&copy).await.unwrap();
    let refused = contributor.transition(&copy, Transition::Trash).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
