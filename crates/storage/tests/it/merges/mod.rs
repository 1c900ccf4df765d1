//! Merges of categories, tags and bylines with concurrent readers and writers. Most tests run for all kinds.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod bylines;
mod categories;
mod faults;
mod relocation;
mod tags;
mod writers;

use std::collections::BTreeSet;

use tintero_domain::{
    Result,
    freshness::Freshness,
    operations::{Operation, OperationOutcome, OperationState},
    page::{Limit, PageRequest},
    posts::{Content, PublicFacet, PublicQuery, PublicSummary, WorkingCopy},
    taxonomy::{CategoryDetails, CategoryLookup, TaxonomyStore as _},
    values::{BylineId, CategoryId, IdOrSlug, OperationId, Tag},
};

use crate::{
    site::{Site, draft, editor, site},
    taxonomy::{bylines as all_bylines, new_byline},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taxon {
    Category,
    Tag,
    Byline,
}

const TAXA: [Taxon; 3] = [Taxon::Category, Taxon::Tag, Taxon::Byline];

/// A site with the categories `uno`, `dos` and `tres`, or with tags or bylines of these names.
struct Stage {
    site: Site,
    taxon: Taxon,
    categories: Vec<CategoryId>,
    bylines: Vec<BylineId>,
}

const NAMES: [&str; 3] = ["uno", "dos", "tres"];

async fn stage(taxon: Taxon) -> Stage {
    let site = site().await;
    let mut categories = Vec::new();
    if taxon == Taxon::Category {
        for name in NAMES {
            categories.push(site.a_category(name).await);
        }
    }
    let mut bylines = Vec::new();
    if taxon == Taxon::Byline {
        for name in NAMES {
            let service = all_bylines(&site);
            let created = service.create(&editor(), new_byline(name)).await;
            bylines.push(created.unwrap().id);
        }
    }
    Stage {
        site,
        taxon,
        categories,
        bylines,
    }
}

impl Stage {
    fn category(&self, name: &str) -> CategoryId {
        self.categories[NAMES.iter().position(|known| *known == name).unwrap()]
    }

    fn byline(&self, name: &str) -> BylineId {
        self.bylines[NAMES.iter().position(|known| *known == name).unwrap()]
    }

    async fn draft(&self, title: &str, names: &[&str]) -> WorkingCopy {
        let mut new = draft(title);
        match self.taxon {
            Taxon::Category => new.category_ids = self.ids(names),
            Taxon::Tag => new.tags = tags(names),
            Taxon::Byline => {
                new.byline_ids = names.iter().map(|name| self.byline(name)).collect();
            }
        }
        self.site.create(new).await
    }

    fn ids(&self, names: &[&str]) -> Vec<CategoryId> {
        names.iter().map(|name| self.category(name)).collect()
    }

    /// Publishes a post, one second after the previous one.
    async fn post(&self, title: &str, names: &[&str]) -> WorkingCopy {
        let copy = self.draft(title, names).await;
        self.site.clock.forward(1000);
        self.site.publish(&copy).await.unwrap()
    }

    fn facet(&self, name: &str) -> PublicFacet {
        match self.taxon {
            Taxon::Category => PublicFacet::Category(IdOrSlug::Id(self.category(name))),
            Taxon::Tag => PublicFacet::Tag(tag(name)),
            Taxon::Byline => PublicFacet::Byline(IdOrSlug::Id(self.byline(name))),
        }
    }

    async fn listed(&self, name: &str, limit: u64) -> Vec<String> {
        titles(&self.site, self.facet(name), limit).await
    }

    /// The number of published posts of a current category or tag.
    async fn count(&self, name: &str) -> u64 {
        if self.taxon == Taxon::Category {
            return found(&self.site, self.category(name)).await.post_count;
        }
        if self.taxon == Taxon::Byline {
            return self.byline_count(name).await;
        }
        let used = self.site.tags.list(&PageRequest::default()).await.unwrap();
        let used = used.items.into_iter().find(|tag| tag.folded == name);
        used.map_or(0, |tag| tag.post_count)
    }

    /// The number of published posts of a byline and of those that were merged into it.
    async fn byline_count(&self, name: &str) -> u64 {
        let (taxonomy, now) = (&self.site.taxonomy, self.site.now());
        let tree = taxonomy.tree(Freshness::Now).await.unwrap();
        let mut posts = 0;
        for list in tree.byline_lists(self.byline(name)) {
            posts += taxonomy.byline_count(list, now).await.unwrap();
        }
        posts
    }

    /// Merges a category or tag into another one. Renames the tag if the other one is unused.
    async fn try_merge(&self, from: &str, into: &str) -> Result<Operation> {
        let (site, editor) = (&self.site, editor());
        if self.taxon == Taxon::Category {
            let (id, into) = (self.category(from), IdOrSlug::Id(self.category(into)));
            let found = site.categories.get(&IdOrSlug::Id(id)).await?;
            let base = match found {
                CategoryLookup::Found(details) => details.category.version,
                CategoryLookup::Moved(_) => tintero_domain::values::Version::FIRST,
            };
            return site.categories.merge(&editor, id, base, &into).await;
        }
        if self.taxon == Taxon::Byline {
            let (id, into) = (self.byline(from), IdOrSlug::Id(self.byline(into)));
            let first = tintero_domain::values::Version::FIRST;
            let bylines = all_bylines(site);
            return bylines.merge(&editor, id, first, &into).await;
        }
        let (from, name) = (tag(from), tag(into));
        match self.count(into).await {
            0 => site.tags.rename(&editor, &from, &name).await,
            _ => site.tags.merge(&editor, &from, &name).await,
        }
    }

    async fn merge(&self, from: &str, into: &str) -> Operation {
        self.try_merge(from, into).await.unwrap()
    }

    fn names(&self, categories: &[CategoryId], tags: &[Tag], bylines: &[BylineId]) -> Vec<String> {
        let name = |id: &CategoryId| {
            let position = self.categories.iter().position(|known| known == id);
            NAMES[position.unwrap()].to_owned()
        };
        match self.taxon {
            Taxon::Category => categories.iter().map(name).collect(),
            Taxon::Tag => tags.iter().map(Tag::to_string).collect(),
            Taxon::Byline => {
                let position = |id| self.bylines.iter().position(|known| known == id);
                let names = bylines.iter().map(|id| NAMES[position(id).unwrap()]);
                names.map(str::to_owned).collect()
            }
        }
    }

    fn names_in(&self, content: &Content) -> Vec<String> {
        self.names(&content.category_ids, &content.tags, &content.byline_ids)
    }

    fn names_shown(&self, summary: &PublicSummary) -> Vec<String> {
        self.names(&summary.category_ids, &summary.tags, &summary.byline_ids)
    }

    async fn live_names(&self, copy: &WorkingCopy) -> Vec<String> {
        let live = self
            .site
            .posts
            .get_live(&editor(), copy.post.state.id)
            .await;
        self.names_shown(&live.unwrap().summary)
    }
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

fn tags(names: &[&str]) -> Vec<Tag> {
    names.iter().map(|name| tag(name)).collect()
}

async fn found(site: &Site, id: CategoryId) -> CategoryDetails {
    match site.categories.get(&IdOrSlug::Id(id)).await.unwrap() {
        CategoryLookup::Found(details) => details,
        CategoryLookup::Moved(target) => panic!("merged into {target}"),
    }
}

/// The titles of all pages of a list.
async fn titles(site: &Site, query: impl Into<PublicQuery>, limit: u64) -> Vec<String> {
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

fn set(titles: &[String]) -> BTreeSet<&str> {
    titles.iter().map(String::as_str).collect()
}

/// Lets a new runner work until it has nothing to do, after the grace period and all leases.
async fn run(site: &Site) {
    site.clock.forward(11_000);
    let runner = site.runner();
    for _ in 0..1000 {
        let poll = runner.poll().await.unwrap();
        assert!(poll.faults.is_empty(), "{:?}", poll.faults);
        if !poll.worked {
            return;
        }
    }
    panic!("the runner does not finish");
}

async fn operation(site: &Site, id: OperationId) -> Operation {
    site.operations.get(&editor(), id).await.unwrap()
}

fn outcome(operation: &Operation) -> Option<OperationOutcome> {
    match operation.state {
        OperationState::Finished { outcome, .. } => Some(outcome),
        OperationState::Queued | OperationState::Running { .. } => None,
    }
}
