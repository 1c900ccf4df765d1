//! What becomes of a post, and of its addresses, that is taken back.

use tintero_domain::{
    Error,
    access::Role,
    posts::{Found, PostPatch, StatusName, Transition, WorkingCopy},
    values::Timestamp,
};

use crate::site::{DAWN, caller, draft, editor, site, slug};

#[tokio::test]
async fn unpublished_is_not_found_and_trashed_is_gone() {
    let site = site().await;
    let copy = site.a_published_post("Hola").await;
    let id = copy.post.standing.id;
    let first = copy.post.standing.first_published_at;
    site.clock.forward(1000);
    let draft = site
        .posts
        .transition(&editor(), id, copy.post.tag(), Transition::Unpublish)
        .await
        .unwrap()
        .shown
        .copy;
    assert!(matches!(
        site.posts.get_public(slug("hola"), None).await,
        Err(Error::NotFound(_))
    ));
    let trashed = site
        .posts
        .transition(&editor(), id, draft.post.tag(), Transition::Trash)
        .await
        .unwrap()
        .shown
        .copy;
    assert!(matches!(
        site.posts.get_public(slug("hola"), None).await,
        Err(Error::Gone(_))
    ));
    let restored = site
        .posts
        .transition(&editor(), id, trashed.post.tag(), Transition::Untrash)
        .await
        .unwrap()
        .shown
        .copy;
    assert_eq!(restored.post.standing.status.name(), StatusName::Draft);
    let again = site.publish(&restored).await.unwrap();
    assert_eq!(again.post.standing.first_published_at, first);
    assert_eq!(
        again.post.standing.published_at, first,
        "the date is unchanged by a later publication"
    );
}

#[tokio::test]
async fn a_draft_that_was_never_public_leaves_no_trace_in_the_trash() {
    let site = site().await;
    let copy = site.a_post("Nunca").await;
    site.posts
        .transition(
            &editor(),
            copy.post.standing.id,
            copy.post.tag(),
            Transition::Trash,
        )
        .await
        .unwrap();
    assert!(matches!(
        site.posts.get_public(slug("nunca"), None).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn a_trashed_post_is_not_edited_and_the_refusal_names_what_is_legal() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let id = copy.post.standing.id;
    let trashed = site
        .posts
        .transition(&editor(), id, copy.post.tag(), Transition::Trash)
        .await
        .unwrap()
        .shown
        .copy;
    let refused = site
        .posts
        .update(&editor(), id, trashed.post.tag(), PostPatch::default())
        .await;
    let Err(Error::IllegalTransition(illegal)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        illegal.legal.iter().map(|t| t.as_str()).collect::<Vec<_>>(),
        ["untrash", "purge"]
    );
}

#[tokio::test]
async fn an_author_may_publish_again_what_was_public_before() {
    let site = site().await;
    let author = caller(Role::Author, 2);
    let copy = site
        .posts
        .create(&author, draft("Otra vez"))
        .await
        .unwrap()
        .shown
        .copy;
    let id = copy.post.standing.id;
    let copy = site
        .posts
        .publish(&author, id, copy.post.tag(), None)
        .await
        .unwrap()
        .shown
        .copy;
    site.clock.forward(1000);
    let copy = site
        .posts
        .transition(&author, id, copy.post.tag(), Transition::Unpublish)
        .await
        .unwrap()
        .shown
        .copy;
    let again = site
        .posts
        .publish(&author, id, copy.post.tag(), None)
        .await
        .unwrap()
        .shown
        .copy;
    assert_eq!(
        again.post.standing.published_at,
        Some(Timestamp::from_millis(DAWN))
    );
}

#[tokio::test]
async fn an_address_that_was_public_leads_to_the_post_though_it_was_withdrawn_in_between() {
    for away in [Transition::Unpublish, Transition::Trash] {
        let site = site().await;
        let copy = site.a_published_post("Uno").await;
        let id = copy.post.standing.id;
        let step = async |copy: &WorkingCopy, transition| {
            let (caller, tag) = (editor(), copy.post.tag());
            let effect = site.posts.transition(&caller, id, tag, transition).await;
            effect.unwrap().shown.copy
        };
        let mut copy = step(&copy, away).await;
        if away == Transition::Trash {
            copy = step(&copy, Transition::Untrash).await;
        }
        let patch = PostPatch {
            slug: Some(slug("dos")),
            ..PostPatch::default()
        };
        let tag = copy.post.tag();
        let copy = site.posts.update(&editor(), id, tag, patch).await;
        site.publish(&copy.unwrap().shown.copy).await.unwrap();
        let Found::Moved(address) = site.posts.get_public(slug("uno"), None).await.unwrap().what
        else {
            panic!("there")
        };
        assert_eq!(address.slug, slug("dos"));
        let taken = site.posts.create(&editor(), draft("Uno")).await;
        assert!(matches!(taken, Err(Error::SlugTaken(_))));
    }
}

#[tokio::test]
async fn an_address_that_was_never_public_is_not_told_by_the_trash() {
    let site = site().await;
    let copy = site.a_published_post("Uno").await;
    let id = copy.post.standing.id;
    let patch = PostPatch {
        slug: Some(slug("secreto")),
        ..PostPatch::default()
    };
    let copy = site
        .posts
        .update(&editor(), id, copy.post.tag(), patch)
        .await;
    let tag = copy.unwrap().shown.copy.post.tag();
    let editor = editor();
    let trash = site.posts.transition(&editor, id, tag, Transition::Trash);
    trash.await.unwrap();
    let secret = site.posts.get_public(slug("secreto"), None).await;
    assert!(matches!(secret, Err(Error::NotFound(_))));
    let gone = site.posts.get_public(slug("uno"), None).await;
    assert!(matches!(gone, Err(Error::Gone(_))));
}

#[tokio::test]
async fn whoever_may_not_publish_may_not_take_away_what_is_public() {
    let site = site().await;
    let contributor = caller(Role::Contributor, 3);
    let copy = site
        .posts
        .create(&contributor, draft("Mío"))
        .await
        .unwrap()
        .shown
        .copy;
    let copy = site.publish(&copy).await.unwrap();
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let refused = site
        .posts
        .transition(&contributor, id, tag, Transition::Trash)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
