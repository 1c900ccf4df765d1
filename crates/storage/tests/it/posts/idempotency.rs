use tintero_domain::{Error, posts::PostPatch};

use crate::site::{draft, editor, once, site};

#[tokio::test]
async fn a_repeated_creation_gives_the_same_answer_and_no_second_post() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    let first = site.posts.create(&caller, draft("Hola")).await.unwrap();
    let again = site.posts.create(&caller, draft("Hola")).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.shown.copy, again.shown.copy);
}

#[tokio::test]
async fn a_replay_shows_the_post_as_it_was_then() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    let first = site.posts.create(&caller, draft("Hola")).await.unwrap();
    let patch = PostPatch {
        title: Some("Adiós".parse().unwrap()),
        ..PostPatch::default()
    };
    site.posts
        .update(
            &editor(),
            first.shown.copy.post.standing.id,
            first.shown.copy.post.tag(),
            patch,
        )
        .await
        .unwrap();
    let again = site.posts.create(&caller, draft("Hola")).await.unwrap();
    assert_eq!(first.shown.copy, again.shown.copy);
}

#[tokio::test]
async fn a_repeated_publication_is_replayed_though_its_version_is_stale_by_then() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let caller = once(editor(), "k1", "digest");
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let first = site.posts.publish(&caller, id, tag, None).await.unwrap();
    let again = site.posts.publish(&caller, id, tag, None).await.unwrap();
    assert!(again.replayed);
    assert_eq!(first.shown.copy, again.shown.copy);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_and_to_one_user() {
    let site = site().await;
    site.posts
        .create(&once(editor(), "k1", "digest"), draft("Hola"))
        .await
        .unwrap();
    let other_body = site
        .posts
        .create(&once(editor(), "k1", "other"), draft("Otra cosa"))
        .await;
    assert!(matches!(other_body, Err(Error::KeyReused)));
    let other_user = crate::site::caller(tintero_domain::access::Role::Editor, 2);
    assert!(
        site.posts
            .create(&once(other_user, "k1", "other"), draft("Otra cosa"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    site.posts.create(&caller, draft("Hola")).await.unwrap();
    site.clock.forward(24 * 3600 * 1000);
    let mut new = draft("Hola");
    new.slug = Some(crate::site::slug("hola-2"));
    assert!(!site.posts.create(&caller, new).await.unwrap().replayed);
}

#[tokio::test]
async fn of_two_equal_requests_at_once_one_has_the_effect_and_both_have_the_answer() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    let (one, two) = tokio::join!(
        site.posts.create(&caller, draft("Hola")),
        site.posts.create(&caller, draft("Hola"))
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.shown.copy, two.shown.copy);
    assert!(one.replayed != two.replayed);
}
