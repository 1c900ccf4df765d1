use tintero_domain::{
    Error,
    access::Role,
    error::Resource,
    posts::{PostPatch, Transition, WorkingCopy, WriteResult},
    values::Revision,
};
use tintero_storage::keys;

use super::history::history;
use crate::site::{Site, body_patch, caller, draft, editor, once, site, slug, slug_patch};

/// Restores a revision as an editor.
async fn restore(site: &Site, copy: &WorkingCopy, revision: u64) -> Result<WriteResult, Error> {
    let (id, tag) = (copy.post.state.id, copy.post.tag());
    let revision = Revision(revision);
    site.posts.restore(&editor(), id, tag, revision, None).await
}

#[tokio::test]
async fn restoring_a_revision_creates_a_new_one() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let second = site.update(&first, body_patch("otro\n")).await;
    let (id, tag) = (first.post.state.id, second.post.tag());
    let caller = once(editor(), "key", "digest");
    let note = || "Como antes".parse().ok();
    let restore = || site.posts.restore(&caller, id, tag, Revision(1), note());
    let restored = restore().await.unwrap().rendered.copy;
    let state = &restored.post.state;
    assert_eq!((state.version.0, state.revision.0), (3, 3));
    assert_eq!(restored.post.content, first.post.content);
    assert_eq!(restored.manuscript, first.manuscript);
    assert_ne!(restored.post.text, first.post.text, "the text is a copy");
    let rows = history(&site, id).await;
    assert_eq!(rows[0].saved.restored_from, Some(Revision(1)));
    assert_eq!(rows[0].saved.note.as_ref().unwrap().as_str(), "Como antes");
    let again = restore().await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.rendered.copy, restored);
}

#[tokio::test]
async fn restoring_requires_the_current_version_permission_and_an_existing_revision() {
    let site = site().await;
    let first = site.a_post("Hola").await;
    let second = site.update(&first, body_patch("otro\n")).await;
    let (id, tag) = (first.post.state.id, second.post.tag());
    let stale = restore(&site, &first, 1).await;
    let Err(Error::Stale(conflict)) = stale else {
        panic!("{stale:?}")
    };
    assert_eq!((conflict.id, conflict.current), (id, tag));
    let reader = caller(Role::Contributor, 2);
    let refused = site
        .posts
        .restore(&reader, id, tag, Revision(1), None)
        .await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let absent = restore(&site, &second, 9).await;
    assert!(matches!(absent, Err(Error::NotFound(Resource::Revision))));
    let trashed = site.transition(&second, Transition::Trash).await;
    let refused = restore(&site, &trashed, 1).await;
    assert!(matches!(refused, Err(Error::IllegalTransition(_))));
}

#[tokio::test]
async fn a_revision_with_a_taken_slug_cannot_be_restored() {
    let site = site().await;
    let first = site.a_post("Uno").await;
    let second = site.update(&first, slug_patch("dos")).await;
    let other = site.a_published_post("Uno").await;
    let refused = restore(&site, &second, 1).await;
    let Err(Error::SlugTaken(refused)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refused.holder, Some(other.post.state.id));
    assert_eq!(refused.free[0], slug("uno-2"));
}

#[tokio::test]
async fn a_revision_with_a_deleted_category_cannot_be_restored() {
    let site = site().await;
    let category = site.a_category("Nubes").await;
    let mut new = draft("Hola");
    new.category_ids = vec![category];
    let first = site.create(new).await;
    let patch = PostPatch {
        category_ids: Some(Vec::new()),
        ..PostPatch::default()
    };
    let second = site.update(&first, patch).await;
    site.erase("taxonomy", keys::category(category)).await;
    let refused = restore(&site, &second, 1).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let problem = errors.iter().next().unwrap();
    assert_eq!(problem.pointer, "/category_ids/0");
    assert!(problem.error.detail.contains("revision 1"));
}
