//! Tags that are renamed or merged, while others read and write.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod exact;
mod faults;
mod refusals;
mod returning;
mod writers;

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    operations::{Operation, State},
    page::{Limit, PageRequest},
    posts::{PublicFacet, PublicQuery, WorkingCopy},
    values::{OperationId, Tag},
};

use crate::site::{Site, draft, editor};

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

async fn a_draft(site: &Site, title: &str, tags: &[&str]) -> WorkingCopy {
    let mut new = draft(title);
    new.tags = tags.iter().map(|text| tag(text)).collect();
    site.posts.create(&editor(), new).await.unwrap().shown.copy
}

/// A published post, a second younger than the one before.
async fn a_post(site: &Site, title: &str, tags: &[&str]) -> WorkingCopy {
    let copy = a_draft(site, title, tags).await;
    site.clock.forward(1000);
    site.publish(&copy).await.unwrap()
}

fn texts(tags: &[Tag]) -> Vec<&str> {
    tags.iter().map(Tag::as_str).collect()
}

/// The titles in a list, page by page.
async fn walk(site: &Site, query: impl Into<PublicQuery>, limit: u64) -> Vec<String> {
    let query = query.into();
    let mut page = PageRequest {
        limit: Limit::new(limit).unwrap(),
        cursor: None,
    };
    let mut titles = Vec::new();
    loop {
        let found = site.posts.list_public(query.clone(), &page).await.unwrap();
        titles.extend(found.items.into_iter().map(|row| row.title.to_string()));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return titles,
        }
    }
}

async fn listed(site: &Site, text: &str, limit: u64) -> Vec<String> {
    walk(site, PublicFacet::Tag(tag(text)), limit).await
}

fn set(titles: &[String]) -> BTreeSet<&str> {
    titles.iter().map(String::as_str).collect()
}

/// All tags with their counts.
async fn used(site: &Site) -> String {
    let page = PageRequest {
        limit: Limit::new(100).unwrap(),
        cursor: None,
    };
    let found = site.tags.list(&page).await.unwrap();
    let counted = found.items.into_iter();
    let counted = counted.map(|tag| format!("{}={}", tag.folded, tag.post_count));
    counted.collect::<Vec<_>>().join(" ")
}

async fn rename(site: &Site, from: &str, name: &str) -> Result<Operation> {
    site.tags.rename(&editor(), &tag(from), &tag(name)).await
}

async fn merge(site: &Site, from: &str, into: &str) -> Result<Operation> {
    site.tags.merge(&editor(), &tag(from), &tag(into)).await
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
