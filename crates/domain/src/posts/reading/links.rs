//! Looks up the posts that links lead to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tintero_markdown::report::{BodyReference, ReferenceKind, UnresolvedReason};

use super::link_names::{LinkBase, MAX_NAMES};
use crate::{
    error::Result,
    freshness::Freshness,
    posts::{LinkName, Post, Posts},
    site::{PostPaths, SiteSettings},
    values::PostId,
};

/// The names of a body that were looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FoundLinks {
    /// The paths of the public posts.
    pub(super) urls: BTreeMap<LinkName, String>,
    /// The names of posts that are not public.
    hidden: BTreeSet<LinkName>,
    asked: BTreeSet<LinkName>,
}

/// The names of all links of a body that are looked up.
pub(super) fn link_names(base: &LinkBase, references: &[BodyReference]) -> BTreeSet<LinkName> {
    let mut names = BTreeSet::new();
    for name in references
        .iter()
        .flat_map(|reference| base.names(reference))
    {
        if names.len() == MAX_NAMES {
            break;
        }
        names.insert(name);
    }
    names
}

impl FoundLinks {
    /// Whether this is the path of a post that another name led to.
    pub(super) fn is_generated(&self, path: &str, names: &[LinkName]) -> bool {
        let is_asked = names.iter().any(|name| self.asked.contains(name));
        !is_asked && self.urls.values().any(|url| url == path)
    }

    /// The text of everything that the rendering depends on.
    pub(super) fn digested(&self) -> impl Iterator<Item = (String, &str)> {
        let urls = self.urls.iter();
        urls.map(|(name, url)| (format!("{name:?}"), url.as_str()))
    }

    /// The URL of the first of these names that has one.
    pub(super) fn url(&self, names: &[LinkName]) -> Option<String> {
        names.iter().find_map(|name| self.urls.get(name)).cloned()
    }

    /// Notes in each unresolved reference why it is unresolved.
    pub(super) fn explain(&self, base: Option<&LinkBase>, references: &mut [BodyReference]) {
        for reference in references.iter_mut().filter(|it| it.url.is_none()) {
            let names = base.map(|base| base.names(reference)).unwrap_or_default();
            let is_hidden = names.iter().any(|name| self.hidden.contains(name));
            let is_asked = names.iter().all(|name| self.asked.contains(name));
            reference.reason = Some(if is_hidden {
                UnresolvedReason::NotPublic
            } else if is_asked || reference.kind == ReferenceKind::Image {
                UnresolvedReason::Unknown
            } else {
                UnresolvedReason::TooMany
            });
        }
    }
}

impl Posts {
    /// Finds the posts with these names.
    pub(super) async fn find_links(
        &self,
        site: &Arc<SiteSettings>,
        names: BTreeSet<LinkName>,
        freshness: Freshness,
    ) -> Result<FoundLinks> {
        if names.is_empty() {
            return Ok(FoundLinks::default());
        }
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        let holders = self.ports.links.find_linked(&names, freshness).await?;
        let ids: BTreeSet<_> = holders.values().copied().collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let posts = match ids.as_slice() {
            [] => Vec::new(),
            ids => store.find_posts(ids, freshness, now).await?,
        };
        let paths = self.post_urls(site, &posts).await?;
        let mut found = FoundLinks {
            asked: names,
            ..FoundLinks::default()
        };
        for (name, id) in holders {
            match paths.get(&id) {
                Some(path) => drop(found.urls.insert(name, path.clone())),
                None => drop(found.hidden.insert(name)),
            }
        }
        Ok(found)
    }

    /// The paths of the public ones among these posts, below the root of the host.
    async fn post_urls(
        &self,
        site: &Arc<SiteSettings>,
        posts: &[Post],
    ) -> Result<BTreeMap<PostId, String>> {
        let paths = PostPaths::new(None, Arc::clone(site));
        let first = |post: &Post| post.live()?.category_ids.first().copied();
        let categories: BTreeSet<_> = posts.iter().filter_map(first).collect();
        let categories = if paths.name_category() && !categories.is_empty() {
            self.ports.links.category_paths(&categories).await?
        } else {
            BTreeMap::new()
        };
        let base = site.base_url.as_ref().map_or("", |url| url.path());
        let live = posts
            .iter()
            .filter_map(|post| Some((post.state.id, post.live()?)));
        let urls = live.map(|(id, live)| {
            let category = live.category_ids.first();
            let category = category.and_then(|id| categories.get(id));
            let category = category.map(String::as_str);
            let path = paths.path(&live.address, category, live.published_at);
            (id, format!("{base}{path}"))
        });
        Ok(urls.collect())
    }
}
