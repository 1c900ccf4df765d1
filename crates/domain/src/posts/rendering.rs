//! How a body becomes HTML: what it names is looked up, and the rest is pure.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use tintero_markdown::{
    front_matter,
    jekyll::site::Site,
    render::{Rendered, render},
    report::{Reference, ReferenceKind},
    targets::Targets,
};

use super::{Manuscript, Posts, WorkingCopy};
use crate::{error::Result, images::Picture, values::SourcePath};

/// A body as HTML, with what it names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Safe HTML.
    pub html: String,
    /// The images and posts that the body names, each once, with the URLs that they became.
    pub references: Vec<Reference>,
}

/// A working copy as its authors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
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
    site: Site,
    images: HashMap<SourcePath, Picture>,
}

impl Page {
    fn new(manuscript: &Manuscript) -> Self {
        Self {
            body: manuscript.body.as_str().into(),
            site: site(manuscript),
            images: HashMap::new(),
        }
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

impl Targets for Page {
    fn image(&self, path: &str) -> Option<String> {
        self.images.get(&path.parse().ok()?).map(Picture::path)
    }
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
fn site(manuscript: &Manuscript) -> Site {
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
    let site = Site::new(values.as_deref().map(yaml).unwrap_or_default());
    let block = manuscript
        .front_matter
        .as_deref()
        .and_then(|head| front_matter::split(head.as_bytes()).ok()?.block);
    let page = block.and_then(|block| front_matter::parse(&block).ok());
    site.with_page(page.map(|parsed| parsed.map).unwrap_or_default())
}

impl Posts {
    /// A manuscript as HTML, with the images that are there now.
    pub(super) async fn rendition(&self, manuscript: &Manuscript) -> Result<Rendition> {
        let mut page = Page::new(manuscript);
        let rendered = self.ports.renderer.render(page.clone()).await;
        let missing = missing_images(&rendered.references);
        if missing.is_empty() {
            return Ok(rendered.into());
        }
        page.images = self.ports.images.find_by_paths(&missing).await?;
        if page.images.is_empty() {
            return Ok(rendered.into());
        }
        Ok(self.ports.renderer.render(page).await.into())
    }

    pub(super) async fn shown(&self, copy: WorkingCopy) -> Result<Shown> {
        let rendition = self.rendition(&copy.manuscript).await?;
        Ok(Shown { copy, rendition })
    }
}

/// The images of our own that a page names and nobody has.
pub(super) fn missing_images(references: &[Reference]) -> Vec<SourcePath> {
    references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image && reference.url.is_none())
        .filter(|reference| !reference.name.contains("://"))
        .filter_map(|reference| reference.name.parse().ok())
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
