use tintero_domain::{
    Error,
    access::Role,
    categories::NewCategory,
    error::Resource,
    posts::{PostPatch, Transition},
    values::Revision,
};

use super::history::{body, edit, history};
use crate::{
    site::{caller, draft, editor, once, site, slug},
    taxonomy::categories,
};

#[tokio::test]
async fn a_revision_comes_back_as_a_new_one() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let id = first.post.standing.id;
    let second = edit(&site, &first, body("otro\n")).await;
    let caller = once(editor(), "key", "digest");
    let restore = || {
        site.posts.restore(
            &caller,
            id,
            second.post.tag(),
            Revision(1),
            "Como antes".parse().ok(),
        )
    };
    let restored = restore().await.unwrap().shown.copy;
    assert_eq!(
        (
            restored.post.standing.version.0,
            restored.post.standing.revision.0
        ),
        (3, 3)
    );
    assert_eq!(
        (&restored.post.content, &restored.manuscript),
        (&first.post.content, &first.manuscript)
    );
    assert_ne!(
        restored.post.text, first.post.text,
        "it has a text of its own"
    );
    let rows = history(&site, id).await;
    assert_eq!(rows[0].saved.restored_from, Some(Revision(1)));
    assert_eq!(rows[0].saved.note.as_ref().unwrap().as_str(), "Como antes");
    let again = restore().await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.shown.copy, restored);
}

#[tokio::test]
async fn a_revision_does_not_come_back_over_what_others_did_meanwhile() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let (id, tag) = (first.post.standing.id, first.post.tag());
    let second = edit(&site, &first, body("otro\n")).await;
    let late = site
        .posts
        .restore(&editor(), id, tag, Revision(1), None)
        .await;
    let Err(Error::Stale(conflict)) = late else {
        panic!("{late:?}")
    };
    assert_eq!((conflict.id, conflict.current), (id, second.post.tag()));
    let reader = caller(Role::Contributor, 2);
    let others = site
        .posts
        .restore(&reader, id, second.post.tag(), Revision(1), None)
        .await;
    assert!(matches!(others, Err(Error::Forbidden(_))));
    let absent = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(9), None)
        .await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Revision))));
    let trashed = site
        .posts
        .transition(&editor(), id, second.post.tag(), Transition::Trash)
        .await
        .unwrap();
    let tag = trashed.shown.copy.post.tag();
    let refused = site
        .posts
        .restore(&editor(), id, tag, Revision(1), None)
        .await;
    assert!(matches!(refused, Err(Error::IllegalTransition(_))));
}

#[tokio::test]
async fn a_revision_whose_slug_was_given_away_does_not_come_back() {
    let site = site().await;
    let first = site.a_post("Uno").await;
    let id = first.post.standing.id;
    let patch = PostPatch {
        slug: Some(slug("dos")),
        ..PostPatch::default()
    };
    let second = edit(&site, &first, patch).await;
    let other = site.a_post("Uno").await;
    let refused = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(1), None)
        .await;
    let Err(Error::SlugTaken(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.holder, Some(other.post.standing.id));
    assert_eq!(refused.free[0], slug("uno-2"));
}

#[tokio::test]
async fn a_revision_in_a_category_that_is_gone_does_not_come_back() {
    let site = site().await;
    let new = NewCategory {
        name: "Nubes".parse().unwrap(),
        slug: None,
        parent_id: None,
    };
    let category = categories(&site)
        .create(&editor(), new)
        .await
        .unwrap()
        .category
        .id;
    let mut new = draft("Hola");
    new.category_ids = vec![category];
    let first = site.posts.create(&editor(), new).await.unwrap().shown.copy;
    let patch = PostPatch {
        category_ids: Some(Vec::new()),
        ..PostPatch::default()
    };
    let second = edit(&site, &first, patch).await;
    site.erase("taxonomy", tintero_storage::keys::category(category))
        .await;
    let id = first.post.standing.id;
    let refused = site
        .posts
        .restore(&editor(), id, second.post.tag(), Revision(1), None)
        .await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let problem = errors.iter().next().unwrap();
    assert_eq!(problem.pointer, "/category_ids/0");
    assert_eq!(
        problem.error.detail,
        "is named by revision 1 and does not exist any more"
    );
}
