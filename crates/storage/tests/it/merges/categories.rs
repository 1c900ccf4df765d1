//! Rules for merges and deletions of categories.

use tintero_domain::{
    Error,
    access::Role,
    error::CategoryUse,
    page::PageRequest,
    posts::{CategoryFilter, DeskQuery, DeskSet, Facets, PostPatch, PublicQuery, StatusName},
    taxonomy::{CategoryLookup, CategoryRemoval, NewCategory},
    values::{CategoryId, IdOrSlug},
};

use super::{Taxon, found, operation, run, stage, titles};
use crate::site::{Site, caller, editor, slug};

async fn child(site: &Site, parent: CategoryId) -> CategoryId {
    let new = NewCategory {
        name: "Abajo".parse().unwrap(),
        slug: None,
        parent_id: Some(parent),
    };
    let created = site.categories.create(&editor(), new).await.unwrap();
    created.category.id
}

#[tokio::test]
async fn a_merge_requires_another_category_without_children() {
    let stage = stage(Taxon::Category).await;
    let site = &stage.site;
    let (top, other) = (stage.category("uno"), stage.category("dos"));
    let child = child(site, top).await;
    let base = found(site, top).await.category.version;
    let unknown = IdOrSlug::Slug(slug("nada"));
    for into in [IdOrSlug::Id(top), IdOrSlug::Id(child), unknown] {
        let refused = site.categories.merge(&editor(), top, base, &into).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors.iter().next().unwrap().pointer, "/into");
    }
    let in_use = |error| matches!(error, Error::CategoryInUse(CategoryUse::Children));
    let into = IdOrSlug::Id(other);
    let refused = site.categories.merge(&editor(), top, base, &into).await;
    assert!(in_use(refused.unwrap_err()));
    let refused = site.categories.remove(&editor(), top, base, None).await;
    assert!(in_use(refused.unwrap_err()));
    let author = caller(Role::Author, 9);
    let refused = site.categories.merge(&author, child, base, &into).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let editor = editor();
    let outdated = site.categories.merge(&editor, child, base.next(), &into);
    assert!(matches!(outdated.await, Err(Error::Outdated(_))));
}

#[tokio::test]
async fn an_empty_category_is_deleted_and_removed_from_drafts() {
    let stage = stage(Taxon::Category).await;
    let site = &stage.site;
    let (empty, kept) = (stage.category("uno"), stage.category("dos"));
    let draft = stage.draft("Borrador", &["uno", "dos"]).await;
    let base = found(site, empty).await.category.version;
    let removal = site.categories.remove(&editor(), empty, base, None).await;
    assert_eq!(removal.unwrap(), CategoryRemoval::Deleted);
    let by_id = site.categories.get(&IdOrSlug::Id(empty)).await;
    assert!(matches!(by_id, Err(Error::Gone(_))));
    let by_slug = site.categories.get(&IdOrSlug::Slug(slug("uno"))).await;
    assert!(matches!(by_slug, Err(Error::NotFound(_))));
    let read = site.read(draft.post.state.id).await;
    assert_eq!(read.post.content.category_ids, [kept]);
    let patch = PostPatch {
        category_ids: Some(vec![kept, empty]),
        ..PostPatch::default()
    };
    let refused = site.by(&editor()).update(&draft, patch).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors.iter().next().unwrap().pointer, "/category_ids/1");
    site.a_category("Uno").await;
    let again = site.categories.remove(&editor(), empty, base, None).await;
    assert!(matches!(again, Err(Error::Gone(_))));
}

#[tokio::test]
async fn a_category_with_posts_is_deleted_only_by_a_merge() {
    let stage = stage(Taxon::Category).await;
    let site = &stage.site;
    let (full, other) = (stage.category("uno"), stage.category("dos"));
    stage.post("Post", &["uno"]).await;
    let in_use = |error| matches!(error, Error::CategoryInUse(CategoryUse::Posts));
    let base = found(site, full).await.category.version;
    let refused = site.categories.remove(&editor(), full, base, None).await;
    assert!(in_use(refused.unwrap_err()));
    let into = IdOrSlug::Slug(slug("dos"));
    let editor = editor();
    let removal = site.categories.remove(&editor, full, base, Some(&into));
    let CategoryRemoval::Merging(begun) = removal.await.unwrap() else {
        panic!("the category has posts")
    };
    let base = found(site, other).await.category.version;
    let refused = site.categories.remove(&editor, other, base, None).await;
    assert!(
        in_use(refused.unwrap_err()),
        "its posts are not relocated yet"
    );
    run(site).await;
    assert!(operation(site, begun.id).await.is_finished());
    assert_eq!(stage.listed("dos", 5).await, ["Post"]);
}

#[tokio::test]
async fn the_id_and_slug_of_a_merged_category_lead_to_the_target_until_the_slug_is_taken() {
    let stage = stage(Taxon::Category).await;
    let site = &stage.site;
    let (from, into) = (stage.category("uno"), stage.category("dos"));
    let draft = stage.draft("Borrador", &["uno"]).await;
    stage.merge("uno", "dos").await;
    for name in [IdOrSlug::Id(from), IdOrSlug::Slug(slug("uno"))] {
        let found = site.categories.get(&name).await.unwrap();
        assert_eq!(found, CategoryLookup::Moved(into));
    }
    assert_eq!(site.categories.list().await.unwrap().len(), 2);
    let new = NewCategory {
        name: "Otra".parse().unwrap(),
        slug: Some(slug("uno")),
        parent_id: Some(from),
    };
    let created = site.categories.create(&editor(), new).await.unwrap();
    assert_eq!(created.path, "dos/uno", "the parent is resolved");
    let by_slug = site.categories.get(&IdOrSlug::Slug(slug("uno"))).await;
    assert_eq!(by_slug.unwrap(), CategoryLookup::Found(created));
    let read = site.read(draft.post.state.id).await;
    assert_eq!(read.post.content.category_ids, [into]);
}

#[tokio::test]
async fn lists_with_descendants_are_complete_during_a_merge() {
    let stage = stage(Taxon::Category).await;
    let site = &stage.site;
    let top = stage.category("uno");
    let child = child(site, top).await;
    stage.post("Arriba", &["uno"]).await;
    let mut new = crate::site::draft("Abajo");
    new.category_ids = vec![child];
    let copy = site.create(new).await;
    site.clock.forward(1000);
    site.publish(&copy).await.unwrap();
    stage.post("Otro", &["dos"]).await;
    let draft = stage.draft("Borrador", &["dos"]).await;
    let facets = Facets {
        category: Some(CategoryFilter {
            under: IdOrSlug::Id(top),
            descendants: true,
        }),
        ..Facets::default()
    };
    let query = PublicQuery {
        facets: facets.clone(),
        ..PublicQuery::default()
    };
    assert_eq!(titles(site, query.clone(), 20).await, ["Abajo", "Arriba"]);
    let other = stage.category("dos");
    let base = found(site, other).await.category.version;
    let into = IdOrSlug::Id(child);
    let merged = site.categories.merge(&editor(), other, base, &into).await;
    merged.unwrap();
    let expected = ["Otro", "Abajo", "Arriba"];
    assert_eq!(titles(site, query.clone(), 20).await, expected);
    run(site).await;
    assert_eq!(titles(site, query, 20).await, expected);
    let query = DeskQuery {
        set: DeskSet::Status(StatusName::Draft),
        owner: None,
        facets,
    };
    let page = PageRequest::default();
    let drafts = site.posts.list_desk(&editor(), query, &page).await.unwrap();
    assert_eq!(drafts.items[0].state.id, draft.post.state.id);
}
