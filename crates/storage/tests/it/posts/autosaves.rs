use tintero_domain::{
    Error,
    access::Role,
    error::Resource,
    posts::{PostPatch, Transition, Unsaved},
    values::Revision,
};

use crate::site::{Site, body_patch, caller, draft, editor, noise, site};

fn unsaved(text: &str) -> Unsaved {
    Unsaved {
        body: Some(text.to_owned()),
        ..Unsaved::default()
    }
}

#[tokio::test]
async fn an_autosave_is_readable_by_its_user_and_does_not_change_the_post() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let id = copy.post.state.id;
    site.clock.forward(1000);
    for text in ["Hol", "Hola, mun"] {
        let (posts, unsaved) = (&site.posts, unsaved(text));
        let saved = posts
            .put_autosave(&editor(), id, Revision(1), unsaved)
            .await;
        let (_, current) = saved.unwrap();
        assert_eq!(current, Revision(1));
    }
    let (kept, current) = site.posts.get_autosave(&editor(), id).await.unwrap();
    assert_eq!((kept.base_revision, current), (Revision(1), Revision(1)));
    assert_eq!(kept.unsaved, unsaved("Hola, mun"));
    assert_eq!(site.read(id).await, copy);
    let other = site.posts.get_autosave(&caller(Role::Editor, 2), id).await;
    assert!(matches!(other, Err(Error::NotFound(Resource::Autosave))));
}

#[tokio::test]
async fn a_save_deletes_only_the_autosave_of_its_editor() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let id = copy.post.state.id;
    let other = caller(Role::Editor, 2);
    for user in [&editor(), &other] {
        let saved = site.posts.put_autosave(user, id, Revision(1), unsaved("x"));
        saved.await.unwrap();
    }
    let unchanged = site.update(&copy, PostPatch::default()).await;
    assert!(
        site.posts.get_autosave(&editor(), id).await.is_ok(),
        "an update without changes saves nothing"
    );
    let saved = site.update(&unchanged, body_patch("x")).await;
    let deleted = site.posts.get_autosave(&editor(), id).await;
    assert!(matches!(deleted, Err(Error::NotFound(Resource::Autosave))));
    let (_, current) = site.posts.get_autosave(&other, id).await.unwrap();
    assert_eq!(current, Revision(2), "the other user sees the new revision");
    let tag = saved.post.tag();
    let restored = site.posts.restore(&other, id, tag, Revision(1), None).await;
    restored.unwrap();
    assert!(site.posts.get_autosave(&other, id).await.is_err());
}

#[tokio::test]
async fn an_autosave_requires_a_post_that_the_user_may_edit() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let id = copy.post.state.id;
    let put = async |site: &Site, caller, id| {
        let saved = site
            .posts
            .put_autosave(&caller, id, Revision(1), unsaved("x"));
        saved.await.map(drop)
    };
    let refused = put(&site, caller(Role::Author, 2), id).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    site.transition(&copy, Transition::Trash).await;
    let trashed = put(&site, editor(), id).await;
    assert!(matches!(trashed, Err(Error::IllegalTransition(_))));
    let absent = "019b0000-0000-7000-8000-0000000fffff".parse().unwrap();
    let absent = put(&site, editor(), absent).await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Post))));
}

#[tokio::test]
async fn an_autosave_can_be_deleted_twice() {
    let site = site().await;
    let id = site.a_post("Hola").await.post.state.id;
    let (posts, unsaved) = (&site.posts, unsaved("x"));
    let saved = posts
        .put_autosave(&editor(), id, Revision(1), unsaved)
        .await;
    saved.unwrap();
    for _ in 0..2 {
        site.posts.remove_autosave(&editor(), id).await.unwrap();
        assert!(site.posts.get_autosave(&editor(), id).await.is_err());
    }
}

#[tokio::test]
async fn an_autosave_may_be_large_if_it_compresses_well() {
    let site = site().await;
    let id = site.a_post("Hola").await.post.state.id;
    let prose = unsaved(&"Una línea como otras tantas.\n".repeat(36_000));
    let editor = editor();
    let put = |unsaved| site.posts.put_autosave(&editor, id, Revision(1), unsaved);
    put(prose.clone()).await.unwrap();
    let (kept, _) = site.posts.get_autosave(&editor, id).await.unwrap();
    assert_eq!(kept.unsaved, prose);
    let noise = noise(1_000_000);
    let refused = put(unsaved(&noise)).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors.iter().next().unwrap().pointer, "/body");
    let mut new = draft("Largo");
    new.manuscript.body = noise;
    site.create(new).await;
}
