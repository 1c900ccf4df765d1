//! Renders bodies: looks up referenced images, then renders without I/O.

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

use crate::{
    error::Result,
    images::ImageFile,
    posts::{ImportSource, Manuscript, Posts, WorkingCopy},
    values::{Digest, SourcePath},
};

/// Most images looked up for one body; the rest stays unresolved. Each costs a read.
const MAX_IMAGES: usize = 300;

/// A body as HTML, with its references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Sanitised HTML.
    pub html: String,
    /// The images and posts that the body refers to, without duplicates, with their URLs.
    pub references: Vec<BodyReference>,
}

/// A working copy with its rendition.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedPost {
    /// The working copy.
    pub copy: WorkingCopy,
    /// Its body, rendered with the current images.
    pub rendition: Rendition,
}

/// Renders Markdown. Long bodies take long, so implementations must not block other tasks.
#[async_trait]
pub trait Renderer: Send + Sync {
    /// Renders a body.
    async fn render(&self, input: RenderInput) -> Rendered;
}

/// All input of a rendition.
#[derive(Debug, Clone)]
pub struct RenderInput {
    body: Arc<str>,
    site: SiteConfig,
    /// Folder of the imported file, the base of relative paths.
    folder: String,
    images: BTreeMap<SourcePath, ImageFile>,
    /// Digest of everything but the images.
    origin: Digest,
}

impl RenderInput {
    fn new(source: Option<&ImportSource>, manuscript: &Manuscript) -> Self {
        let folder = folder(source).to_owned();
        let origin = (
            &manuscript.body,
            &manuscript.front_matter,
            &manuscript.site,
            &folder,
        );
        Self {
            origin: digest(&origin),
            body: manuscript.body.as_str().into(),
            site: site(manuscript),
            folder,
            images: BTreeMap::new(),
        }
    }

    /// The digest of the input. Equal digests mean equal renditions.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let images: Vec<_> = self
            .images
            .iter()
            .map(|(path, image)| (path.as_str(), image.path()))
            .collect();
        digest(&(self.origin, images))
    }

    /// Size of the body, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// Renders the body in the current thread.
    #[must_use]
    pub fn render(&self) -> Rendered {
        render(&self.body, &self.site, self)
    }
}

/// JSON keeps the parts distinct.
fn digest(parts: &impl Serialize) -> Digest {
    let text = serde_json::to_vec(parts).expect("texts and JSON values serialise without failing");
    Digest::of(&text)
}

impl Targets for RenderInput {
    fn image(&self, path: &str) -> Option<String> {
        let candidates = image_candidates(&self.folder, path);
        candidates
            .iter()
            .find_map(|path| self.images.get(path))
            .map(ImageFile::path)
    }
}

/// The folder of an imported file; the root for other posts.
fn folder(source: Option<&ImportSource>) -> &str {
    let split = source.and_then(|source| source.path.rsplit_once('/'));
    split.map_or("", |(folder, _)| folder)
}

/// The candidate paths of an image: relative to the root of the site, then, for a relative name, to
/// the folder of the file.
fn image_candidates(folder: &str, name: &str) -> Vec<SourcePath> {
    let from_root = name.parse().ok();
    let from_folder = (!name.starts_with('/'))
        .then(|| resolve_relative(folder, name))
        .flatten();
    from_root.into_iter().chain(from_folder).collect()
}

/// Resolves a relative path: `../assets/a.png` in `_posts/2026` is `_posts/assets/a.png`.
fn resolve_relative(folder: &str, name: &str) -> Option<SourcePath> {
    let mut path: Vec<&str> = folder
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    for segment in name.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(path.pop()?),
            segment => path.push(segment),
        }
    }
    path.join("/").parse().ok()
}

/// Renders in the current task, regardless of the size.
#[derive(Debug, Clone, Copy, Default)]
pub struct InlineRenderer;

#[async_trait]
impl Renderer for InlineRenderer {
    async fn render(&self, input: RenderInput) -> Rendered {
        input.render()
    }
}

/// The values for Liquid: those of the imported site and of the front matter.
fn site(manuscript: &Manuscript) -> SiteConfig {
    let yaml = |text: &str| {
        front_matter::parse_yaml(text, 1)
            .map(|parsed| parsed.map)
            .unwrap_or_default()
    };
    // JSON is valid YAML.
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
    /// Renders a manuscript with the current images.
    pub(in crate::posts) async fn render(
        &self,
        source: Option<&ImportSource>,
        manuscript: &Manuscript,
    ) -> Result<Rendition> {
        let mut input = RenderInput::new(source, manuscript);
        let rendered = self.ports.renderer.render(input.clone()).await;
        let missing = missing_images(source, &rendered.references);
        if missing.is_empty() {
            return Ok(rendered.into());
        }
        input.images = self
            .ports
            .images
            .find_by_paths(&missing)
            .await?
            .into_iter()
            .collect();
        if input.images.is_empty() {
            return Ok(rendered.into());
        }
        Ok(self.ports.renderer.render(input).await.into())
    }

    pub(in crate::posts) async fn render_copy(&self, copy: WorkingCopy) -> Result<RenderedPost> {
        let source = copy.post.content.source.as_ref();
        let rendition = self.render(source, &copy.manuscript).await?;
        Ok(RenderedPost { copy, rendition })
    }
}

/// The candidate paths of unresolved images, without external URLs.
pub(in crate::posts) fn missing_images(
    source: Option<&ImportSource>,
    references: &[BodyReference],
) -> Vec<SourcePath> {
    let folder = folder(source);
    references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image && reference.url.is_none())
        .filter(|reference| !reference.name.contains("://"))
        .flat_map(|reference| image_candidates(folder, &reference.name))
        .take(MAX_IMAGES)
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
    fn inputs_with_different_renditions_have_different_digests() {
        let manuscript = |body: &str, front_matter: Option<&str>| Manuscript {
            body: body.to_owned(),
            front_matter: front_matter.map(str::to_owned),
            ..Manuscript::default()
        };
        let source = |path: &str| ImportSource {
            import: "blog".to_owned(),
            path: path.to_owned(),
            sha256: String::new(),
        };
        let page = |source: Option<&ImportSource>, body, head| {
            RenderInput::new(source, &manuscript(body, head))
        };
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
    fn relative_names_are_resolved_in_the_folder_and_never_above_the_root() {
        let candidates = |name| -> Vec<String> {
            image_candidates("_posts/2026", name)
                .into_iter()
                .map(Into::into)
                .collect()
        };
        assert_eq!(candidates("/assets/a.png"), ["assets/a.png"]);
        assert_eq!(candidates("a.png"), ["a.png", "_posts/2026/a.png"]);
        assert_eq!(candidates("../../assets/a.png"), ["assets/a.png"]);
        assert!(candidates("../../../a.png").is_empty());
    }
}
