use tintero_domain::{Error, access::Role};

use crate::site::{caller, draft, editor, once, site, slug, title_patch};

#[tokio::test]
async fn a_repeated_write_is_answered_from_its_record() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    let first = site.posts.create(&caller, draft("Hola")).await.unwrap();
    let copy = &first.rendered.copy;
    let again = site.posts.create(&caller, draft("Hola")).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(copy, &again.rendered.copy);

    site.update(copy, title_patch("Adiós")).await;
    let again = site.posts.create(&caller, draft("Hola")).await.unwrap();
    assert_eq!(
        copy, &again.rendered.copy,
        "the answer shows the post after the first write"
    );
}

#[tokio::test]
async fn a_repeated_publication_is_answered_although_its_version_is_stale() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let caller = once(editor(), "k1", "digest");
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let first = site.posts.publish(&caller, id, tag, None).await.unwrap();
    let again = site.posts.publish(&caller, id, tag, None).await.unwrap();
    assert!(again.replayed);
    assert_eq!(first.rendered.copy, again.rendered.copy);
}

#[tokio::test]
async fn a_key_is_valid_for_one_request_of_one_user() {
    let site = site().await;
    let first = site.by(&once(editor(), "k1", "digest"));
    first.create(draft("Hola")).await.unwrap();
    let other_body = site.by(&once(editor(), "k1", "other"));
    let refused = other_body.create(draft("Otra cosa")).await;
    assert!(matches!(refused, Err(Error::KeyReused)));
    let other_user = site.by(&once(caller(Role::Editor, 2), "k1", "other"));
    assert!(other_user.create(draft("Otra cosa")).await.is_ok());
}

#[tokio::test]
async fn a_key_expires_after_a_day() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    site.posts.create(&caller, draft("Hola")).await.unwrap();
    site.clock.forward(24 * 3600 * 1000);
    let mut new = draft("Hola");
    new.slug = Some(slug("hola-2"));
    assert!(!site.posts.create(&caller, new).await.unwrap().replayed);
}

#[tokio::test]
async fn concurrent_equal_requests_create_one_post_and_get_the_same_answer() {
    let site = site().await;
    let caller = once(editor(), "k1", "digest");
    let (one, two) = tokio::join!(
        site.posts.create(&caller, draft("Hola")),
        site.posts.create(&caller, draft("Hola"))
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.rendered.copy, two.rendered.copy);
    assert!(one.replayed != two.replayed);
}
