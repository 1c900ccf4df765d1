use tintero_domain::{
    Error,
    access::Role,
    categories::{NewCategory, Removal},
    error::CategoryUse,
    operations::{Outcome, State},
    posts::PostPatch,
    values::IdOrSlug,
};

use super::{a_category, a_draft_in, a_post_in, below, listed, merge, operation, run, shown};
use crate::site::{caller, editor, site, slug};

#[tokio::test]
async fn a_category_is_merged_neither_into_itself_nor_below_itself_nor_with_children() {
    let site = site().await;
    let top = a_category(&site, "Arriba").await;
    let child = below(&site, "Abajo", Some(top)).await;
    let other = a_category(&site, "Otra").await;
    let base = shown(&site, top).await.category.version;
    for into in [
        IdOrSlug::Id(top),
        IdOrSlug::Id(child),
        IdOrSlug::Slug(slug("nada")),
    ] {
        let refused = site.categories.merge(&editor(), top, base, &into).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors.iter().next().unwrap().pointer, "/into");
    }
    let into = IdOrSlug::Id(other);
    let refused = site.categories.merge(&editor(), top, base, &into).await;
    assert!(matches!(
        refused,
        Err(Error::CategoryInUse(CategoryUse::Children))
    ));
    let refused = site.categories.remove(&editor(), top, base, None).await;
    assert!(matches!(
        refused,
        Err(Error::CategoryInUse(CategoryUse::Children))
    ));
    let author = caller(Role::Author, 9);
    let refused = site.categories.merge(&author, child, base, &into).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let stale = site
        .categories
        .merge(&editor(), child, base.next(), &into)
        .await;
    assert!(matches!(stale, Err(Error::Outdated(_))));
}

#[tokio::test]
async fn an_empty_category_is_deleted_and_drafts_lose_it() {
    let site = site().await;
    let (empty, kept) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let draft = a_draft_in(&site, "Borrador", &[empty, kept]).await;
    let base = shown(&site, empty).await.category.version;
    let removal = site.categories.remove(&editor(), empty, base, None).await;
    assert_eq!(removal.unwrap(), Removal::Deleted);
    let by_id = site.categories.get(&IdOrSlug::Id(empty)).await;
    assert!(matches!(by_id, Err(Error::Gone(_))));
    let by_slug = site.categories.get(&IdOrSlug::Slug(slug("uno"))).await;
    assert!(matches!(by_slug, Err(Error::NotFound(_))));
    let (id, tag) = (draft.post.standing.id, draft.post.tag());
    let seen = site.posts.get(&editor(), id).await.unwrap();
    assert_eq!(seen.copy.post.content.category_ids, [kept]);
    let patch = PostPatch {
        category_ids: Some(vec![kept, empty]),
        ..PostPatch::default()
    };
    let refused = site.posts.update(&editor(), id, tag, patch).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors.iter().next().unwrap().pointer, "/category_ids/1");
    a_category(&site, "Uno").await;
    let again = site.categories.remove(&editor(), empty, base, None).await;
    assert!(matches!(again, Err(Error::Gone(_))));
}

#[tokio::test]
async fn a_category_with_posts_is_deleted_only_when_they_go_elsewhere() {
    let site = site().await;
    let (full, other) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    a_post_in(&site, "Post", &[full]).await;
    let base = shown(&site, full).await.category.version;
    let refused = site.categories.remove(&editor(), full, base, None).await;
    assert!(matches!(
        refused,
        Err(Error::CategoryInUse(CategoryUse::Posts))
    ));
    let into = IdOrSlug::Slug(slug("dos"));
    let removal = site
        .categories
        .remove(&editor(), full, base, Some(&into))
        .await;
    let Removal::Merging(begun) = removal.unwrap() else {
        panic!("it has posts")
    };
    let target = shown(&site, other).await.category.version;
    let refused = site.categories.remove(&editor(), other, target, None).await;
    assert!(
        matches!(refused, Err(Error::CategoryInUse(CategoryUse::Posts))),
        "posts are on their way to it"
    );
    run(&site).await;
    assert!(super::is_over(&operation(&site, begun.id).await));
    assert_eq!(listed(&site, other, 5).await, ["Post"]);
}

#[tokio::test]
async fn the_slug_of_what_was_merged_is_an_alias_until_a_category_takes_it() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let post = a_draft_in(&site, "Borrador", &[from]).await;
    merge(&site, from, into).await;
    let new = NewCategory {
        name: "Otra".parse().unwrap(),
        slug: Some(slug("uno")),
        parent_id: Some(from),
    };
    let taken = site.categories.create(&editor(), new).await.unwrap();
    assert_eq!(
        taken.path, "dos/uno",
        "below what its parent stands for now"
    );
    let by_slug = site
        .categories
        .get(&IdOrSlug::Slug(slug("uno")))
        .await
        .unwrap();
    assert_eq!(by_slug, tintero_domain::categories::Found::Here(taken));
    let seen = site
        .posts
        .get(&editor(), post.post.standing.id)
        .await
        .unwrap();
    assert_eq!(
        seen.copy.post.content.category_ids,
        [into],
        "by id nothing changed"
    );
}

#[tokio::test]
async fn a_merge_asked_for_again_is_the_same_one_and_a_cancelled_one_is_taken_up() {
    let site = site().await;
    let (from, into) = (
        a_category(&site, "Uno").await,
        a_category(&site, "Dos").await,
    );
    let other = a_category(&site, "Tres").await;
    a_post_in(&site, "Post", &[from]).await;
    let base = shown(&site, from).await.category.version;
    let again = async |into| {
        let into = IdOrSlug::Id(into);
        site.categories.merge(&editor(), from, base, &into).await
    };
    let begun = merge(&site, from, into).await;
    assert_eq!(again(into).await.unwrap().id, begun.id);
    assert!(
        matches!(again(other).await, Err(Error::Gone(_))),
        "it went elsewhere"
    );
    site.operations.cancel(&editor(), begun.id).await.unwrap();
    run(&site).await;
    let cancelled = operation(&site, begun.id).await;
    assert!(matches!(
        cancelled.state,
        State::Finished {
            outcome: Outcome::Cancelled,
            ..
        }
    ));
    assert_eq!(
        listed(&site, into, 5).await,
        ["Post"],
        "readers see no difference"
    );
    let resumed = again(into).await.unwrap();
    assert_ne!(resumed.id, begun.id);
    run(&site).await;
    assert_eq!(operation(&site, resumed.id).await.done, 1);
    assert_eq!(listed(&site, into, 5).await, ["Post"]);
    assert_eq!(
        again(into).await.unwrap().id,
        resumed.id,
        "what ended well stands"
    );
}
