//! Drafts claim no names. Publications and schedules claim them.

use tintero_domain::{
    Error,
    access::Role,
    error::Unique,
    posts::{NewPost, PostPatch, Transition, Translation, WorkingCopy},
    values::{OldPath, PostId},
};
use tintero_storage::keys;

use crate::site::{Site, caller, draft, editor, schedule, site, slug, slug_patch};

fn path() -> OldPath {
    "/2020/hola.html".parse().unwrap()
}

/// A draft with the slug `hola` and an alias.
fn greeting() -> NewPost {
    NewPost {
        aliases: vec![path()],
        ..draft("Hola")
    }
}

fn in_english(of: &WorkingCopy, title: &str) -> NewPost {
    NewPost {
        locale: "en".parse().ok(),
        translation: Some(Translation {
            of: of.post.state.id,
            source_revision: of.post.state.revision,
        }),
        ..draft(title)
    }
}

fn holder_of_slug(refused: Result<WorkingCopy, Error>) -> Option<PostId> {
    match refused {
        Err(Error::SlugTaken(taken)) => taken.holder,
        other => panic!("{other:?}"),
    }
}

async fn ids_of_translations(site: &Site, of: &WorkingCopy) -> Vec<PostId> {
    let id = of.post.state.id;
    let rows = site.posts.translations(&editor(), id).await.unwrap();
    rows.iter().map(|row| row.post.state.id).collect()
}

#[tokio::test]
async fn two_drafts_may_have_the_same_names_and_the_first_publication_claims_them() {
    let site = site().await;
    let first = site.create(greeting()).await;
    let second = site.create(greeting()).await;
    let published = site.publish(&second).await.unwrap();
    let refused = site.publish(&first).await;
    assert_eq!(holder_of_slug(refused), Some(second.post.state.id));
    let renamed = site.update(&first, slug_patch("hola-2")).await;
    match site.publish(&renamed).await {
        Err(Error::Taken {
            unique: Unique::OldPath(taken),
            holder,
        }) => assert_eq!((taken, holder), (path(), Some(second.post.state.id))),
        other => panic!("{other:?}"),
    }
    let patch = PostPatch {
        aliases: Some(Vec::new()),
        ..PostPatch::default()
    };
    let renamed = site.update(&renamed, patch).await;
    site.publish(&renamed).await.unwrap();
    assert_eq!(site.live("hola").await.summary.id, published.post.state.id);
}

#[tokio::test]
async fn a_draft_may_not_take_a_name_of_a_public_or_scheduled_post() {
    let site = site().await;
    let holder = site.create(greeting()).await;
    let holder = site.schedule(&holder, schedule(Some(60), None)).await;
    let id = Some(holder.post.state.id);
    let editor = site.by(&editor());
    assert_eq!(holder_of_slug(editor.create(draft("Hola")).await), id);
    let other = site.a_post("Otro").await;
    assert_eq!(
        holder_of_slug(editor.update(&other, slug_patch("hola")).await),
        id
    );
    let patch = PostPatch {
        aliases: Some(vec![path()]),
        ..PostPatch::default()
    };
    let refused = editor.update(&other, patch).await;
    let taken = Unique::OldPath(path());
    assert!(matches!(refused, Err(Error::Taken { unique, .. }) if unique == taken));
    let source = site.a_published_post("Fuente").await;
    let translation = site.create(in_english(&source, "One")).await;
    site.publish(&translation).await.unwrap();
    let refused = editor.create(in_english(&source, "Two")).await;
    let taken = Unique::Translation("en".parse().unwrap());
    assert!(matches!(refused, Err(Error::Taken { unique, .. }) if unique == taken));
}

#[tokio::test]
async fn cancelling_the_first_publication_releases_the_names() {
    let site = site().await;
    let first = site.create(greeting()).await;
    let second = site.create(greeting()).await;
    let planned = site.schedule(&first, schedule(Some(60), None)).await;
    assert!(site.publish(&second).await.is_err());
    site.transition(&planned, Transition::Unschedule).await;
    site.publish(&second).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_post_keeps_its_names() {
    let site = site().await;
    let first = site.create(greeting()).await;
    let second = site.create(greeting()).await;
    let published = site.publish(&first).await.unwrap();
    let withdrawn = site.transition(&published, Transition::Unpublish).await;
    assert!(site.publish(&second).await.is_err());
    site.publish(&withdrawn).await.unwrap();
}

#[tokio::test]
async fn a_published_post_does_not_claim_the_slug_of_its_next_publication() {
    let site = site().await;
    let first = site.a_published_post("Uno").await;
    let edited = site.update(&first, slug_patch("hola")).await;
    let second = site.a_published_post("Hola").await;
    let refused = site.publish(&edited).await;
    assert_eq!(holder_of_slug(refused), Some(second.post.state.id));
    assert_eq!(site.live("uno").await.summary.id, first.post.state.id);
}

#[tokio::test]
async fn drafts_are_listed_as_translations_and_only_one_per_language_is_published() {
    let site = site().await;
    let source = site.a_published_post("Fuente").await;
    let one = site.create(in_english(&source, "One")).await;
    let two = site.create(in_english(&source, "Two")).await;
    let all = [&source, &one, &two].map(|copy| copy.post.state.id);
    assert_eq!(ids_of_translations(&site, &source).await, all);
    site.publish(&two).await.unwrap();
    let refused = site.publish(&one).await;
    let taken = Unique::Translation("en".parse().unwrap());
    assert!(matches!(refused, Err(Error::Taken { unique, .. }) if unique == taken));
    let listed = ids_of_translations(&site, &source).await;
    assert_eq!(listed.len(), 3, "{listed:?}");
}

#[tokio::test]
async fn a_translation_is_not_published_in_the_language_of_its_source() {
    let site = site().await;
    let source = site.a_published_post("Fuente").await;
    let translation = site.create(in_english(&source, "One")).await;
    let patch = PostPatch {
        locale: "en".parse().ok(),
        ..PostPatch::default()
    };
    site.update(&source, patch).await;
    let refused = site.publish(&translation).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/translation/of"]);
}

#[tokio::test]
async fn purging_a_draft_keeps_the_names_that_others_hold() {
    let site = site().await;
    let unused = site.create(greeting()).await;
    let used = site.create(greeting()).await;
    let used = site.publish(&used).await.unwrap();
    let trashed = site.transition(&unused, Transition::Trash).await;
    let (id, tag) = (trashed.post.state.id, trashed.post.tag());
    let administrator = caller(Role::Administrator, 9);
    site.posts.purge(&administrator, id, tag).await.unwrap();
    assert_eq!(site.live("hola").await.summary.id, used.post.state.id);
    let other = NewPost {
        slug: Some(slug("otro")),
        ..greeting()
    };
    let refused = site.by(&editor()).create(other).await;
    let holder = Some(used.post.state.id);
    assert!(matches!(refused, Err(Error::Taken { holder: by, .. }) if by == holder));
}

#[tokio::test]
async fn names_reserved_by_an_earlier_version_are_released_by_the_next_write() {
    let site = site().await;
    let source = site.a_published_post("Fuente").await;
    let old = site.create(in_english(&source, "Hola")).await;
    site.reserve_names(&old.post).await;
    let other = NewPost {
        locale: "en".parse().ok(),
        ..draft("Otra")
    };
    let other = site.create(other).await;
    let other = site.by(&editor()).update(&other, slug_patch("hola")).await;
    assert_eq!(holder_of_slug(other), Some(old.post.state.id));
    let old = site.read(old.post.state.id).await;
    assert!(old.post.state.reserves_names);
    let patch = PostPatch {
        title: "Hola, mundo".parse().ok(),
        ..PostPatch::default()
    };
    let released = site.update(&old, patch).await;
    assert!(!released.post.state.reserves_names);
    let claim = keys::claim(&old.post.content.address);
    assert!(site.item("posts", claim).await.is_none());
    let free = site.create(in_english(&source, "Libre")).await;
    site.publish(&free).await.unwrap();
}
