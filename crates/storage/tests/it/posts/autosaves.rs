use tintero_domain::{
    Error,
    access::Role,
    error::Resource,
    posts::{PostPatch, Transition, Unsaved},
    values::Revision,
};

use crate::site::{caller, draft, editor, site};

fn unsaved(text: &str) -> Unsaved {
    Unsaved {
        body: Some(text.to_owned()),
        ..Unsaved::default()
    }
}

#[tokio::test]
async fn what_is_put_aside_is_found_again_and_changes_nothing_of_the_post() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let id = copy.post.standing.id;
    site.clock.forward(1000);
    for text in ["Hol", "Hola, mun"] {
        let (_, current) = site
            .posts
            .put_autosave(&editor(), id, Revision(1), unsaved(text))
            .await
            .unwrap();
        assert_eq!(current, Revision(1));
    }
    let (kept, current) = site.posts.get_autosave(&editor(), id).await.unwrap();
    assert_eq!((kept.base_revision, current), (Revision(1), Revision(1)));
    assert_eq!(kept.unsaved, unsaved("Hola, mun"));
    assert_eq!(site.posts.get(&editor(), id).await.unwrap().copy, copy);
    let other = site.posts.get_autosave(&caller(Role::Editor, 2), id).await;
    assert!(matches!(other, Err(Error::NotFound(Resource::Autosave))));
}

#[tokio::test]
async fn a_save_clears_what_its_editor_had_put_aside_and_nobody_elses() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let other = caller(Role::Editor, 2);
    for who in [&editor(), &other] {
        site.posts
            .put_autosave(who, id, Revision(1), unsaved("x"))
            .await
            .unwrap();
    }
    let nothing = site
        .posts
        .update(&editor(), id, tag, PostPatch::default())
        .await
        .unwrap();
    assert!(
        site.posts.get_autosave(&editor(), id).await.is_ok(),
        "nothing was saved"
    );
    let patch = PostPatch {
        body: Some("x".to_owned()),
        ..PostPatch::default()
    };
    let tag = nothing.shown.copy.post.tag();
    let saved = site.posts.update(&editor(), id, tag, patch).await.unwrap();
    let gone = site.posts.get_autosave(&editor(), id).await;
    assert!(matches!(gone, Err(Error::NotFound(Resource::Autosave))));
    let (_, current) = site.posts.get_autosave(&other, id).await.unwrap();
    assert_eq!(
        current,
        Revision(2),
        "the other one learns that the post moved on"
    );
    let tag = saved.shown.copy.post.tag();
    site.posts
        .restore(&other, id, tag, Revision(1), None)
        .await
        .unwrap();
    assert!(site.posts.get_autosave(&other, id).await.is_err());
}

#[tokio::test]
async fn who_may_not_edit_a_post_puts_nothing_aside_for_it() {
    let site = site().await;
    let copy = site.a_post("Hola").await;
    let (id, tag) = (copy.post.standing.id, copy.post.tag());
    let author = caller(Role::Author, 2);
    let refused = site
        .posts
        .put_autosave(&author, id, Revision(1), unsaved("x"))
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    site.posts
        .transition(&editor(), id, tag, Transition::Trash)
        .await
        .unwrap();
    let trashed = site
        .posts
        .put_autosave(&editor(), id, Revision(1), unsaved("x"))
        .await;
    assert!(matches!(trashed, Err(Error::IllegalTransition(_))));
    let absent = "019b0000-0000-7000-8000-0000000fffff".parse().unwrap();
    let absent = site
        .posts
        .put_autosave(&editor(), absent, Revision(1), unsaved("x"))
        .await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Post))));
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_forgetting_it_twice_is_no_fault() {
    let site = site().await;
    let id = site.a_post("Hola").await.post.standing.id;
    site.posts
        .put_autosave(&editor(), id, Revision(1), unsaved("x"))
        .await
        .unwrap();
    for _ in 0..2 {
        site.posts.remove_autosave(&editor(), id).await.unwrap();
        assert!(site.posts.get_autosave(&editor(), id).await.is_err());
    }
}

#[tokio::test]
async fn a_large_text_is_put_aside_unless_it_stays_large() {
    let site = site().await;
    let id = site.a_post("Hola").await.post.standing.id;
    let prose = "Una línea como otras tantas.\n".repeat(36_000);
    site.posts
        .put_autosave(&editor(), id, Revision(1), unsaved(&prose))
        .await
        .unwrap();
    assert_eq!(
        site.posts
            .get_autosave(&editor(), id)
            .await
            .unwrap()
            .0
            .unsaved,
        unsaved(&prose)
    );
    // Digits of a generator, which nothing compresses below half.
    let mut state = 1_u64;
    let noise: String = (0..1_000_000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            char::from(b'0' + ((state >> 33) % 64) as u8)
        })
        .collect();
    let refused = site
        .posts
        .put_autosave(&editor(), id, Revision(1), unsaved(&noise))
        .await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors.iter().next().unwrap().pointer, "/body");
    let mut new = draft("Largo");
    new.manuscript.body = noise;
    site.posts.create(&editor(), new).await.unwrap();
}
