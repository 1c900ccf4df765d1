use std::collections::HashMap;

use super::page_urls::{PageUrl, UrlRole, decoded};
use crate::budget::{Budget, Stopped};
use crate::jekyll::site::SiteConfig;
use crate::report::{BodyReference, ReferenceKind};
use crate::targets::{Targets, is_remote};

/// The resolved URLs of a page.
#[derive(Debug, Default)]
pub(super) struct ResolvedUrls {
    known: HashMap<(UrlRole, String), Option<String>>,
}

impl ResolvedUrls {
    /// Returns the replacement of `written`, if there is one.
    pub(super) fn get(&self, role: UrlRole, written: &str) -> Option<&str> {
        self.known.get(&(role, decoded(written)))?.as_deref()
    }
}

/// Resolves each URL of a page once. Returns the references in the order of the source: all images
/// of the site, and links with a resolved URL.
pub(super) fn resolve(
    page_urls: &[PageUrl],
    site: &SiteConfig,
    targets: &dyn Targets,
    budget: &Budget,
) -> Result<(ResolvedUrls, Vec<BodyReference>), Stopped> {
    let mut urls = ResolvedUrls::default();
    let mut references: Vec<BodyReference> = Vec::new();
    let mut places: HashMap<(UrlRole, String), usize> = HashMap::new();
    for PageUrl {
        role,
        written,
        line,
        alt,
    } in page_urls
    {
        budget.spend(written.len())?;
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
    Ok((urls, references))
}

fn is_of_site(address: &str, site: &SiteConfig) -> bool {
    let path = site.local(address);
    !path.is_empty() && !is_remote(path)
}

fn image(written: &str, site: &SiteConfig, targets: &dyn Targets) -> Option<String> {
    let path = site.local(written);
    targets.image(path).or_else(|| {
        let decoded = decoded(path);
        (decoded != path).then(|| targets.image(&decoded))?
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
