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
/// of the site, and links that can lead to posts.
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
        let name = site.local(&key.1).to_owned();
        let target = site.image_target(&name).map(str::to_owned);
        let (kind, url, is_listed) = if *role == UrlRole::Image || is_image_file(&name) {
            let url = match &target {
                Some(target) => targets.image(target),
                None => image(written.trim(), site, targets),
            };
            let is_listed = url.is_some() || is_of_site(&key.1, site);
            (ReferenceKind::Image, url, is_listed)
        } else {
            let (url, is_listed) = link(written.trim(), site, targets);
            (ReferenceKind::Link, url, is_listed)
        };
        if is_listed {
            places.insert(key.clone(), references.len());
            references.push(BodyReference {
                kind,
                name,
                target,
                line: *line,
                count: 1,
                url: url.clone(),
                alt: alt.clone(),
                reason: None,
            });
        }
        urls.known.insert(key, url);
    }
    Ok((urls, references))
}

/// Whether a link leads to an image, such as the link around a thumbnail.
fn is_image_file(path: &str) -> bool {
    const EXTENSIONS: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        EXTENSIONS
            .iter()
            .any(|image| extension.eq_ignore_ascii_case(image))
    })
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

/// Returns the URL of a link, and whether the link is a reference.
fn link(written: &str, site: &SiteConfig, targets: &dyn Targets) -> (Option<String>, bool) {
    let end = written.find(['#', '?']).unwrap_or(written.len());
    let (address, rest) = written.split_at(end);
    let path = decoded(site.local(address));
    if path.is_empty() {
        return (None, false);
    }
    let url = targets.link(&path).map(|url| format!("{url}{rest}"));
    (url, targets.lists_link(&path))
}
