//! How a body becomes HTML: what it names is looked up, and the rest is pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use serde::Serialize;
use tintero_markdown::{
    front_matter,
    jekyll::site::SiteConfig,
    render::{Rendered, render},
    report::{BodyReference, ReferenceKind},
    targets::Targets,
};

use super::{Manuscript, Posts, Source, WorkingCopy};
use crate::{
    error::Result,
    images::Picture,
    values::{Digest, SourcePath},
};

/// Images of a body that are looked for; beyond, they stay unresolved. Each of them costs a read.
const MOST_IMAGES: usize = 300;

/// A body as HTML, with what it names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Safe HTML.
    pub html: String,
    /// The images and posts that the body names, each once, with the URLs that they became.
    pub references: Vec<BodyReference>,
}

/// A working copy as its authors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedPost {
    /// The working copy.
    pub copy: WorkingCopy,
    /// Its body as it would be published now.
    pub rendition: Rendition,
}

/// Renders Markdown. Long bodies take long, so this runs where it holds nobody up.
#[async_trait]
pub trait Renderer: Send + Sync {
    /// Renders a page.
    async fn render(&self, page: Page) -> Rendered;
}

/// Everything that a rendition depends on.
#[derive(Debug, Clone)]
pub struct Page {
    body: Arc<str>,
    site: SiteConfig,
    /// The folder of the imported file, from which relative names go out.
    folder: String,
    images: BTreeMap<SourcePath, Picture>,
    /// Digest of all of this but the images.
    origin: Digest,
}

impl Page {
    fn new(source: Option<&Source>, manuscript: &Manuscript) -> Self {
        let folder = folder(source).to_owned();
        let said = (
            &manuscript.body,
            &manuscript.front_matter,
            &manuscript.site,
            &folder,
        );
        Self {
            origin: digest(&said),
            body: manuscript.body.as_str().into(),
            site: site(manuscript),
            folder,
            images: BTreeMap::new(),
        }
    }

    /// The same for two pages when they are rendered to the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let images: Vec<_> = self
            .images
            .iter()
            .map(|(path, picture)| (path.as_str(), picture.path()))
            .collect();
        digest(&(self.origin, images))
    }

    /// How much there is to render, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// Renders the page here and now.
    #[must_use]
    pub fn render(&self) -> Rendered {
        render(&self.body, &self.site, self)
    }
}

/// JSON keeps apart what stands side by side.
fn digest(parts: &impl Serialize) -> Digest {
    let text = serde_json::to_vec(parts).expect("texts and JSON values serialise without failing");
    Digest::of(&text)
}

impl Targets for Page {
    fn image(&self, path: &str) -> Option<String> {
        let places = image_places(&self.folder, path);
        places
            .iter()
            .find_map(|place| self.images.get(place))
            .map(Picture::path)
    }
}

/// The folder of an imported file; the site's root for what was written here.
fn folder(source: Option<&Source>) -> &str {
    let split = source.and_then(|source| source.path.rsplit_once('/'));
    split.map_or("", |(folder, _)| folder)
}

/// Where the image of this name may have lain: seen from the site's root, then, unless the name
/// begins there, from the folder of the file that names it.
fn image_places(folder: &str, name: &str) -> Vec<SourcePath> {
    let from_root = name.parse().ok();
    let from_folder = (!name.starts_with('/'))
        .then(|| joined(folder, name))
        .flatten();
    from_root.into_iter().chain(from_folder).collect()
}

/// `../assets/a.png` seen from `_posts/2026`: `_posts/assets/a.png`.
fn joined(folder: &str, name: &str) -> Option<SourcePath> {
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in name.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()?),
            step => path.push(step),
        }
    }
    path.join("/").parse().ok()
}

/// Renders where it is asked to, whatever the length.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inline;

#[async_trait]
impl Renderer for Inline {
    async fn render(&self, page: Page) -> Rendered {
        page.render()
    }
}

/// The values that Liquid may read: those of the imported site, and those of the file's front matter.
fn site(manuscript: &Manuscript) -> SiteConfig {
    let yaml = |text: &str| {
        front_matter::parse_yaml(text, 1)
            .map(|parsed| parsed.map)
            .unwrap_or_default()
    };
    // Every JSON object is YAML.
    let values = manuscript
        .site
        .as_ref()
        .and_then(|site| serde_json::to_string(site).ok());
    let site = SiteConfig::new(values.as_deref().map(yaml).unwrap_or_default());
    let block = manuscript
        .front_matter
        .as_deref()
        .and_then(|head| front_matter::split(head.as_bytes()).ok()?.block);
    let page = block.and_then(|block| front_matter::parse(&block).ok());
    site.with_page(page.map(|parsed| parsed.map).unwrap_or_default())
}

impl Posts {
    /// A manuscript as HTML, with the images that are there now.
    pub(super) async fn rendition(
        &self,
        source: Option<&Source>,
        manuscript: &Manuscript,
    ) -> Result<Rendition> {
        let mut page = Page::new(source, manuscript);
        let rendered = self.ports.renderer.render(page.clone()).await;
        let missing = missing_images(source, &rendered.references);
        if missing.is_empty() {
            return Ok(rendered.into());
        }
        page.images = self
            .ports
            .images
            .find_by_paths(&missing)
            .await?
            .into_iter()
            .collect();
        if page.images.is_empty() {
            return Ok(rendered.into());
        }
        Ok(self.ports.renderer.render(page).await.into())
    }

    pub(super) async fn shown(&self, copy: WorkingCopy) -> Result<RenderedPost> {
        let source = copy.post.content.source.as_ref();
        let rendition = self.rendition(source, &copy.manuscript).await?;
        Ok(RenderedPost { copy, rendition })
    }
}

/// Where the images of our own may come from that a page names and nobody has.
pub(super) fn missing_images(source: Option<&Source>, references: &[BodyReference]) -> Vec<SourcePath> {
    let folder = folder(source);
    references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image && reference.url.is_none())
        .filter(|reference| !reference.name.contains("://"))
        .flat_map(|reference| image_places(folder, &reference.name))
        .take(MOST_IMAGES)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

impl From<Rendered> for Rendition {
    fn from(rendered: Rendered) -> Self {
        Self {
            html: rendered.html,
            references: rendered.references,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_rendered_otherwise_have_other_digests() {
        let manuscript = |body: &str, front_matter: Option<&str>| Manuscript {
            body: body.to_owned(),
            front_matter: front_matter.map(str::to_owned),
            ..Manuscript::default()
        };
        let source = |path: &str| Source {
            import: "blog".to_owned(),
            path: path.to_owned(),
            sha256: String::new(),
        };
        let page = |source: Option<&Source>, body, head| Page::new(source, &manuscript(body, head));
        let plain = page(None, "a", None);
        assert_eq!(plain.digest(), page(None, "a", None).digest());
        assert_eq!(
            plain.digest(),
            page(Some(&source("a.md")), "a", None).digest()
        );
        let others = [
            page(None, "b", None),
            page(None, "a", Some("---\nx: 1\n---\n")),
            page(Some(&source("_posts/a.md")), "a", None),
        ];
        assert!(others.iter().all(|other| other.digest() != plain.digest()));
    }

    #[test]
    fn relative_names_go_out_from_the_folder_of_the_file_and_never_above_the_root() {
        let places = |name| -> Vec<String> {
            image_places("_posts/2026", name)
                .into_iter()
                .map(Into::into)
                .collect()
        };
        assert_eq!(places("/assets/a.png"), ["assets/a.png"]);
        assert_eq!(places("a.png"), ["a.png", "_posts/2026/a.png"]);
        assert_eq!(places("../../assets/a.png"), ["assets/a.png"]);
        assert!(places("../../../a.png").is_empty());
    }
}
