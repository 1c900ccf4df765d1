//! Updates that change nothing.

use tintero_domain::posts::PostPatch;

use crate::site::{editor, once, site, title_patch};

#[tokio::test]
async fn an_update_without_changes_keeps_the_version_and_writes_nothing() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    site.clock.forward(1000);
    for patch in [PostPatch::default(), title_patch("Hola")] {
        let _ = site.wire.measure();
        let kept = site.update(&copy, patch).await;
        assert_eq!(kept, copy);
        assert_eq!(site.wire.measure().requests, 1, "only reads the post");
    }
    assert_eq!(site.read(copy.post.state.id).await, copy);
}

#[tokio::test]
async fn an_update_without_changes_is_replayed_by_its_key() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let caller = once(editor(), "k1", "digest");
    let none = PostPatch::default;
    let first = site.posts.update(&caller, id, tag, none()).await.unwrap();
    site.update(&copy, title_patch("Adiós")).await;
    let again = site.posts.update(&caller, id, tag, none()).await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.rendered.copy, again.rendered.copy);
    let other = once(editor(), "k1", "other");
    assert!(site.posts.update(&other, id, tag, none()).await.is_err());
}
