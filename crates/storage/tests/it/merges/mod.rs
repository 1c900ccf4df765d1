//! Categories that are merged or deleted, while others read and write.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod exact;
mod faults;
mod refusals;
mod writers;

use std::collections::BTreeSet;

use tintero_domain::{
    categories::{Filed, Found, NewCategory},
    operations::{Operation, State},
    page::{Limit, PageRequest},
    posts::{PublicFacet, WorkingCopy},
    values::{CategoryId, IdOrSlug, OperationId},
};

use crate::site::{Site, draft, editor};

async fn a_category(site: &Site, name: &str) -> CategoryId {
    below(site, name, None).await
}

async fn below(site: &Site, name: &str, parent_id: Option<CategoryId>) -> CategoryId {
    let new = NewCategory {
        name: name.parse().unwrap(),
        slug: None,
        parent_id,
    };
    let filed = site.categories.create(&editor(), new).await.unwrap();
    filed.category.id
}

async fn shown(site: &Site, id: CategoryId) -> Filed {
    match site.categories.get(&IdOrSlug::Id(id)).await.unwrap() {
        Found::Here(filed) => filed,
        Found::Moved(to) => panic!("moved to {to}"),
    }
}

async fn a_draft_in(site: &Site, title: &str, categories: &[CategoryId]) -> WorkingCopy {
    let mut new = draft(title);
    new.category_ids = categories.to_vec();
    let effect = site.posts.create(&editor(), new).await.unwrap();
    effect.shown.copy
}

/// A published post, a second younger than the one before.
async fn a_post_in(site: &Site, title: &str, categories: &[CategoryId]) -> WorkingCopy {
    let copy = a_draft_in(site, title, categories).await;
    site.clock.forward(1000);
    site.publish(&copy).await.unwrap()
}

/// The titles in a category's list, page by page.
async fn listed(site: &Site, category: CategoryId, limit: u64) -> Vec<String> {
    let facet = PublicFacet::Category(IdOrSlug::Id(category));
    let mut page = PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    };
    let mut titles = Vec::new();
    loop {
        let found = site.posts.list_public(facet.clone(), &page).await.unwrap();
        titles.extend(found.items.into_iter().map(|row| row.title.to_string()));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return titles,
        }
    }
}

fn set(titles: &[String]) -> BTreeSet<&str> {
    titles.iter().map(String::as_str).collect()
}

async fn merge(site: &Site, from: CategoryId, into: CategoryId) -> Operation {
    let base = shown(site, from).await.category.version;
    let (editor, into) = (editor(), IdOrSlug::Id(into));
    let merged = site.categories.merge(&editor, from, base, &into);
    merged.await.unwrap()
}

/// Lets a new runner work until it has nothing to do.
async fn run(site: &Site) {
    // Past the notice that servers get, and past every lease.
    site.clock.forward(11_000);
    let runner = site.runner();
    for _ in 0..1000 {
        let round = runner.round().await.unwrap();
        assert!(round.faults.is_empty(), "{:?}", round.faults);
        if !round.worked {
            return;
        }
    }
    panic!("it never ends");
}

async fn operation(site: &Site, id: OperationId) -> Operation {
    site.operations.get(&editor(), id).await.unwrap()
}

fn is_over(operation: &Operation) -> bool {
    matches!(operation.state, State::Finished { .. })
}
