use std::collections::HashMap;

use super::page_urls::{PageUrl, UrlRole, decoded};
use crate::jekyll::site::SiteConfig;
use crate::report::{BodyReference, ReferenceKind};
use crate::targets::{Targets, is_remote};

/// The URLs that what a page names is replaced by.
#[derive(Debug, Default)]
pub(super) struct ResolvedUrls {
    known: HashMap<(UrlRole, String), Option<String>>,
}

impl ResolvedUrls {
    /// What stands in the page instead of `written`, when it is known.
    pub(super) fn of(&self, role: UrlRole, written: &str) -> Option<&str> {
        self.known.get(&(role, decoded(written)))?.as_deref()
    }
}

/// Asks for each thing a page names, once. Gives the answers, and the references in the order of
/// the source: images of the site whether known or not, and links when they are known.
pub(super) fn resolve(
    named: &[PageUrl],
    site: &SiteConfig,
    targets: &dyn Targets,
) -> (ResolvedUrls, Vec<BodyReference>) {
    let mut urls = ResolvedUrls::default();
    let mut references: Vec<BodyReference> = Vec::new();
    let mut places: HashMap<(UrlRole, String), usize> = HashMap::new();
    for PageUrl {
        role,
        written,
        line,
        alt,
    } in named
    {
        let key = (*role, decoded(written));
        if let Some(place) = places.get(&key) {
            references[*place].count += 1;
        }
        if urls.known.contains_key(&key) {
            continue;
        }
        let (kind, url) = match role {
            UrlRole::Image => (ReferenceKind::Image, image(written.trim(), site, targets)),
            UrlRole::Link => (ReferenceKind::Link, link(written.trim(), site, targets)),
        };
        if url.is_some() || (*role == UrlRole::Image && is_of_site(&key.1, site)) {
            let name = site.local(&key.1).to_owned();
            places.insert(key.clone(), references.len());
            references.push(BodyReference {
                kind,
                name,
                line: *line,
                count: 1,
                url: url.clone(),
                alt: alt.clone(),
            });
        }
        urls.known.insert(key, url);
    }
    (urls, references)
}

fn is_of_site(address: &str, site: &SiteConfig) -> bool {
    let path = site.local(address);
    !path.is_empty() && !is_remote(path)
}

fn image(written: &str, site: &SiteConfig, targets: &dyn Targets) -> Option<String> {
    let path = site.local(written);
    targets.image(path).or_else(|| {
        let decoded = decoded(path);
        if decoded == path {
            None
        } else {
            targets.image(&decoded)
        }
    })
}

fn link(written: &str, site: &SiteConfig, targets: &dyn Targets) -> Option<String> {
    let end = written.find('#').unwrap_or(written.len());
    let (address, fragment) = written.split_at(end);
    let path = site.local(address);
    if path.is_empty() || is_remote(path) {
        return None;
    }
    targets.link(path).map(|url| format!("{url}{fragment}"))
}
