//! Categories and bylines of posts.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use tintero_domain::{
    Error,
    access::Role,
    bylines::{BylineLookup, BylinePatch, BylinePorts, Bylines, NewByline},
    error::Resource,
    page::{Limit, PageRequest},
    posts::{PostPatch, PublicFacet, Transition},
    taxonomy::{Categories, CategoryDetails, CategoryLookup, CategoryPatch, NewCategory},
    values::{CategoryId, IdOrSlug},
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::{CursorKey, CursorKeys};

use crate::site::{Site, caller, draft, editor, site, slug};

pub(crate) fn categories(site: &Site) -> Categories {
    site.categories.clone()
}

pub(crate) fn bylines(site: &Site) -> Bylines {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let store = tintero_storage::DynamoBylineStore::new(site.dynamo.clone(), cursors);
    Bylines::new(BylinePorts {
        store: Arc::new(store),
        taxonomy: Arc::new(site.taxonomy.clone()),
        posts: Arc::new(site.posts.clone()),
        operations: site.operations.clone(),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
    })
}

pub(crate) fn new_category(name: &str, parent_id: Option<CategoryId>) -> NewCategory {
    NewCategory {
        name: name.parse().unwrap(),
        slug: None,
        parent_id,
    }
}

pub(crate) fn new_byline(name: &str) -> NewByline {
    NewByline {
        name: name.parse().unwrap(),
        slug: None,
        position: None,
        bio: None,
        image_id: None,
        user_id: None,
    }
}

async fn shown(categories: &Categories, id: CategoryId) -> CategoryDetails {
    match categories.get(&IdOrSlug::Id(id)).await.unwrap() {
        CategoryLookup::Found(filed) => filed,
        CategoryLookup::Moved(to) => panic!("merged into {to}"),
    }
}

async fn a_category(categories: &Categories, name: &str) -> CategoryId {
    categories
        .create(&editor(), new_category(name, None))
        .await
        .unwrap()
        .category
        .id
}

#[tokio::test]
async fn categories_form_a_tree_with_paths_and_unique_slugs() {
    let site = site().await;
    let categories = categories(&site);
    let top = a_category(&categories, "Informática").await;
    let below = categories
        .create(&editor(), new_category("Sin servidor", Some(top)))
        .await
        .unwrap();
    assert_eq!(below.path, "informatica/sin-servidor");
    let paths: Vec<_> = categories
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|filed| filed.path)
        .collect();
    assert_eq!(paths, ["informatica", "informatica/sin-servidor"]);
    let again = categories
        .create(&editor(), new_category("INFORMÁTICA", None))
        .await;
    assert!(matches!(again, Err(Error::Taken { .. })));
    let cycle = CategoryPatch {
        parent_id: Some(Some(below.category.id)),
        ..CategoryPatch::default()
    };
    let seen = shown(&categories, top).await.category.version;
    assert!(matches!(
        categories.update(&editor(), top, seen, cycle).await,
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        categories
            .create(&caller(Role::Author, 9), new_category("Otra", None))
            .await,
        Err(Error::Forbidden(_))
    ));
}

#[tokio::test]
async fn a_renamed_category_frees_its_slug_and_a_stale_update_is_rejected() {
    let site = site().await;
    let categories = categories(&site);
    let CategoryDetails { category, .. } = categories
        .create(&editor(), new_category("Uno", None))
        .await
        .unwrap();
    let patch = CategoryPatch {
        slug: Some(slug("dos")),
        ..CategoryPatch::default()
    };
    let moved = categories
        .update(&editor(), category.id, category.version, patch.clone())
        .await
        .unwrap();
    assert_eq!(moved.category.slug, slug("dos"));
    a_category(&categories, "Uno").await;
    let stale = categories
        .update(&editor(), category.id, category.version, patch)
        .await;
    assert!(matches!(stale, Err(Error::Outdated(version)) if version == moved.category.version));
}

#[tokio::test]
async fn concurrent_creations_of_categories_all_succeed() {
    let site = site().await;
    let categories = categories(&site);
    let editor = editor();
    let (one, two, three) = tokio::join!(
        categories.create(&editor, new_category("Uno", None)),
        categories.create(&editor, new_category("Dos", None)),
        categories.create(&editor, new_category("Tres", None)),
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(categories.list().await.unwrap().len(), 3);
}

#[tokio::test]
async fn counters_and_lists_depend_on_published_copies() {
    let site = site().await;
    let categories = categories(&site);
    let (uno, dos) = (
        a_category(&categories, "Uno").await,
        a_category(&categories, "Dos").await,
    );
    let counts = async || -> Vec<u64> {
        let filed = categories.list().await.unwrap();
        ["uno", "dos"]
            .map(|name| {
                filed
                    .iter()
                    .find(|filed| filed.path == name)
                    .unwrap()
                    .post_count
            })
            .to_vec()
    };
    let listed = async |name: &str| {
        let facet = PublicFacet::Category(IdOrSlug::Slug(slug(name)));
        site.posts
            .list_public(facet, &PageRequest::default())
            .await
            .unwrap()
            .items
            .len()
    };
    let mut new = draft("Post");
    new.category_ids = vec![uno];
    let copy = site
        .posts
        .create(&editor(), new)
        .await
        .unwrap()
        .rendered
        .copy;
    assert_eq!(counts().await, [0, 0]);
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(
        (counts().await, listed("uno").await, listed("dos").await),
        (vec![1, 0], 1, 0)
    );
    let patch = PostPatch {
        category_ids: Some(vec![dos]),
        ..PostPatch::default()
    };
    let copy = site
        .posts
        .update(&editor(), copy.post.state.id, copy.post.tag(), patch)
        .await
        .unwrap()
        .rendered
        .copy;
    assert_eq!((counts().await, listed("uno").await), (vec![1, 0], 1));
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(
        (counts().await, listed("uno").await, listed("dos").await),
        (vec![0, 1], 0, 1)
    );
    let copy = site.publish(&copy).await.unwrap();
    assert_eq!(
        counts().await,
        [0, 1],
        "published again, it is still one post"
    );
    site.posts
        .transition(
            &editor(),
            copy.post.state.id,
            copy.post.tag(),
            Transition::Trash,
        )
        .await
        .unwrap();
    assert_eq!((counts().await, listed("dos").await), (vec![0, 0], 0));
}

#[tokio::test]
async fn an_unknown_slug_is_not_found_and_a_list_by_slug_costs_one_request() {
    let site = site().await;
    let categories = categories(&site);
    a_category(&categories, "Uno").await;
    let facet = |name| PublicFacet::Category(IdOrSlug::Slug(slug(name)));
    let unknown = site
        .posts
        .list_public(facet("nada"), &PageRequest::default())
        .await;
    assert!(matches!(unknown, Err(Error::NotFound(Resource::Category))));
    site.posts
        .list_public(facet("uno"), &PageRequest::default())
        .await
        .unwrap();
    let _ = site.wire.measure();
    site.posts
        .list_public(facet("uno"), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(site.wire.measure().requests, 1);
}

#[tokio::test]
async fn bylines_are_assigned_listed_and_found_by_slug() {
    let site = site().await;
    let bylines = bylines(&site);
    let ana = bylines
        .create(&editor(), new_byline("Ana Núñez"))
        .await
        .unwrap();
    assert_eq!(ana.slug, slug("ana-nunez"));
    assert!(matches!(
        bylines.create(&editor(), new_byline("Ana Nunez")).await,
        Err(Error::Taken { .. })
    ));
    let mut new = draft("Post");
    new.byline_ids = vec![ana.id];
    let copy = site
        .posts
        .create(&editor(), new)
        .await
        .unwrap()
        .rendered
        .copy;
    site.publish(&copy).await.unwrap();
    let facet = PublicFacet::Byline(IdOrSlug::Slug(slug("ana-nunez")));
    let listed = site
        .posts
        .list_public(facet, &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items[0].byline_ids, [ana.id]);

    let patch = BylinePatch {
        slug: Some(slug("ana")),
        position: Some(Some("Editora".parse().unwrap())),
        ..BylinePatch::default()
    };
    let changed = bylines
        .update(&editor(), ana.id, ana.version, patch.clone())
        .await
        .unwrap();
    assert_eq!(
        bylines.get(&IdOrSlug::Slug(slug("ana"))).await.unwrap(),
        BylineLookup::Found(changed)
    );
    let stale = bylines.update(&editor(), ana.id, ana.version, patch).await;
    assert!(matches!(stale, Err(Error::Outdated(_))));
    bylines
        .create(&editor(), new_byline("Ana Nuñez"))
        .await
        .unwrap();

    let mut page = PageRequest {
        limit: Limit::new(1).unwrap(),
        cursor: None,
    };
    let first = bylines.list(&page).await.unwrap();
    page.cursor = first.next;
    let second = bylines.list(&page).await.unwrap();
    assert_eq!(
        (first.items.len(), second.items[0].id, second.next),
        (1, ana.id, None)
    );
}

#[tokio::test]
async fn a_byline_with_an_unknown_image_is_rejected() {
    let site = site().await;
    let mut new = new_byline("Ana");
    new.image_id = Some(uuid::Uuid::from_u128(5).to_string().parse().unwrap());
    let refused = bylines(&site).create(&editor(), new).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors.iter().next().unwrap().pointer, "/image_id");
}

#[tokio::test]
async fn a_counter_is_correct_after_a_lost_response() {
    let site = site().await;
    let categories = categories(&site);
    let uno = a_category(&categories, "Uno").await;
    let mut new = draft("Post");
    new.category_ids = vec![uno];
    let copy = site
        .posts
        .create(&editor(), new)
        .await
        .unwrap()
        .rendered
        .copy;
    site.wire.on(|call| match (call.operation, call.nth) {
        ("TransactWriteItems", 1) => FaultAction::LoseResponse,
        _ => FaultAction::Pass,
    });
    site.publish(&copy).await.unwrap();
    site.wire.clear();
    assert_eq!(shown(&categories, uno).await.post_count, 1);
}
