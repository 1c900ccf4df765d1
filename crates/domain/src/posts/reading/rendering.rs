//! Renders bodies: looks up referenced images, then renders without I/O.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use serde::Serialize;
use tintero_markdown::{
    front_matter,
    jekyll::{
        file_name::{Format, PostFileName},
        site::SiteConfig,
    },
    render::{Rendered, can_expand, render_html_within, render_within},
    report::BodyReference,
    targets::{ShownImage, Targets},
};

use super::{
    image_targets::{folder, image_candidates, missing_files, missing_images, own_file, shown},
    link_names::LinkBase,
    links::{FoundLinks, link_names},
};
use crate::{
    error::{Error, Result},
    freshness::Freshness,
    images::ImageFile,
    posts::{ImportSource, LinkName, Manuscript, Posts, WorkingCopy},
    text_work::{Budget, Stopped, TextJob, TextWorkers, TooComplex, WorkShare, on_workers},
    values::{Digest, ImageId, SourcePath},
};

/// A body as HTML, with its references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Sanitised HTML.
    pub html: String,
    /// The images and posts that the body refers to, without duplicates, with their URLs.
    pub references: Vec<BodyReference>,
    /// The limit that the body exceeds, if any. The HTML is then simpler than the body.
    pub exceeded: Option<TooComplex>,
    /// The names of posts that the links of the body can mean.
    pub links: BTreeSet<LinkName>,
}

impl Rendition {
    /// Checks the rendition of a body that is about to be saved or published.
    ///
    /// # Errors
    /// [`Error::TooComplex`] if the body exceeds a limit.
    pub(in crate::posts) fn require_complete(&self) -> Result<()> {
        self.exceeded
            .map_or(Ok(()), |exceeded| Err(Error::TooComplex(exceeded)))
    }
}

/// A working copy with its rendition.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedPost {
    /// The working copy.
    pub copy: WorkingCopy,
    /// Its body, rendered with the current images.
    pub rendition: Rendition,
}

/// Renders Markdown on workers. Implementations can cache renditions.
#[async_trait]
pub trait Renderer: TextWorkers {
    /// Renders a body. A body that exceeds a limit is rendered in a simpler way.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many jobs wait.
    async fn render(&self, share: WorkShare, input: RenderInput) -> Result<Rendered> {
        let size = input.size();
        on_workers(self, share, size, move |budget| input.render(budget)).await
    }
}

/// All input of a rendition.
#[derive(Debug, Clone)]
pub struct RenderInput {
    body: Arc<str>,
    /// The values of the imported site as JSON.
    site: Option<Arc<str>>,
    front_matter: Option<Arc<str>>,
    /// Folder of the imported file, the base of relative paths.
    folder: String,
    /// An imported HTML file is not Markdown.
    is_html: bool,
    images: BTreeMap<SourcePath, ImageFile>,
    /// The images that the body names by the URLs of their files.
    files: BTreeMap<ImageId, ImageFile>,
    /// Prefix of the paths of images.
    base_path: Arc<str>,
    /// Where the links are; absent for a body without links.
    link_base: Option<Arc<LinkBase>>,
    links: FoundLinks,
    /// Digest of everything but the images and the posts that links lead to.
    origin: Digest,
}

impl RenderInput {
    fn new(
        source: Option<&ImportSource>,
        manuscript: &Manuscript,
        base_path: Arc<str>,
        link_base: Option<Arc<LinkBase>>,
    ) -> Self {
        let folder = folder(source).to_owned();
        let site = manuscript.site.as_ref().map(json);
        let front_matter = &manuscript.front_matter;
        let is_html = source
            .is_some_and(|source| PostFileName::read(&source.path).format() == Some(Format::Html));
        let base = link_base.as_ref().map(|base| base.digested());
        let origin = (
            &manuscript.body,
            front_matter,
            &site,
            &folder,
            is_html,
            base,
        );
        Self {
            origin: digest(&origin),
            body: manuscript.body.as_str().into(),
            site: site.map(Into::into),
            front_matter: front_matter.as_deref().map(Into::into),
            folder,
            is_html,
            images: BTreeMap::new(),
            files: BTreeMap::new(),
            base_path,
            link_base,
            links: FoundLinks::default(),
        }
    }

    /// The digest of the input. Equal digests mean equal renditions.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let images: Vec<_> = self
            .images
            .iter()
            .map(|(path, image)| (path.as_str(), self.path_of(image)))
            .collect();
        let files: Vec<_> = self.files.keys().collect();
        let links: Vec<_> = self.links.digested().collect();
        digest(&(self.origin, images, files, links))
    }

    fn has_targets(&self) -> bool {
        !self.images.is_empty() || !self.files.is_empty() || !self.links.urls.is_empty()
    }

    /// The values for Liquid: those of the imported site and of the front matter. Parsed only for a
    /// rendering, because most renditions are cached.
    fn site(&self) -> SiteConfig {
        let yaml = |text: &str| {
            front_matter::parse_yaml(text, 1)
                .map(|parsed| parsed.map)
                .unwrap_or_default()
        };
        // JSON is valid YAML.
        let site = SiteConfig::new(self.site.as_deref().map(yaml).unwrap_or_default());
        let block = self
            .front_matter
            .as_deref()
            .and_then(|head| front_matter::split(head.as_bytes()).ok()?.block);
        let page = block.and_then(|block| front_matter::parse(&block).ok());
        site.with_page(page.map(|parsed| parsed.map).unwrap_or_default())
    }

    fn path_of(&self, image: &ImageFile) -> String {
        format!("{}{}", self.base_path, image.path())
    }

    /// The largest size of the texts of the rendering in bytes, as far as it is known before.
    #[must_use]
    pub fn size(&self) -> usize {
        if can_expand(&self.body) {
            return usize::MAX;
        }
        let values = [&self.front_matter, &self.site].into_iter().flatten();
        self.body.len() + values.map(|text| text.len()).sum::<usize>()
    }

    /// Renders the body in the current thread.
    ///
    /// # Errors
    /// [`Stopped::Cancelled`] if nobody waits any more.
    pub fn render(&self, budget: &Budget) -> Result<Rendered, Stopped> {
        let render = if self.is_html {
            render_html_within
        } else {
            render_within
        };
        render(&self.body, &self.site(), self, budget).map_err(|_| Stopped::Cancelled)
    }
}

/// JSON keeps the parts distinct.
fn digest(parts: &impl Serialize) -> Digest {
    Digest::of(json(parts).as_bytes())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and JSON values serialise without failing")
}

impl Targets for RenderInput {
    fn image(&self, path: &str) -> Option<String> {
        if let Some(id) = own_file(path, &self.base_path) {
            let image = self.files.get(&id)?;
            return path.ends_with(&image.path()).then(|| self.path_of(image));
        }
        let candidates = image_candidates(&self.folder, path);
        candidates
            .iter()
            .find_map(|path| self.images.get(path))
            .map(|image| self.path_of(image))
    }

    fn post(&self, name: &str) -> Option<String> {
        self.links.url(&self.link_base.as_ref()?.of_post(name))
    }

    fn file(&self, path: &str) -> Option<String> {
        self.links.url(&self.link_base.as_ref()?.of_file(path))
    }

    fn link(&self, href: &str) -> Option<String> {
        let names = self.link_base.as_ref()?.of_link(href);
        let url = self.links.url(&names);
        url.or_else(|| {
            self.links
                .is_generated(href, &names)
                .then(|| href.to_owned())
        })
    }

    fn lists_link(&self, href: &str) -> bool {
        let names = self.link_base.as_ref().map(|base| base.of_link(href));
        names.is_some_and(|names| !names.is_empty() && !self.links.is_generated(href, &names))
    }

    fn shown_image(&self, url: &str) -> Option<ShownImage> {
        let id = own_file(url, &self.base_path)?;
        let named = self.images.values().find(|image| image.id == id);
        let image = self.files.get(&id).or(named)?;
        if !url.ends_with(&image.path()) {
            return None;
        }
        Some(shown(image, &self.base_path))
    }
}

/// Renders in the current task, regardless of the size.
#[derive(Debug, Clone, Copy, Default)]
pub struct InlineRenderer;

#[async_trait]
impl TextWorkers for InlineRenderer {
    async fn run(&self, _share: WorkShare, job: TextJob) -> Result<()> {
        job.run();
        Ok(())
    }
}

impl Renderer for InlineRenderer {}

impl Posts {
    /// Renders a manuscript with the current images and the current addresses of posts, which can be some seconds
    /// old.
    pub(in crate::posts) async fn render(
        &self,
        share: WorkShare,
        source: Option<&ImportSource>,
        manuscript: &Manuscript,
    ) -> Result<Rendition> {
        self.render_as_of(Freshness::Recent, share, source, manuscript)
            .await
    }

    /// As [`render`](Self::render), with addresses of this freshness.
    pub(in crate::posts) async fn render_as_of(
        &self,
        freshness: Freshness,
        share: WorkShare,
        source: Option<&ImportSource>,
        manuscript: &Manuscript,
    ) -> Result<Rendition> {
        let base = if may_link(&manuscript.body) {
            Some(Arc::new(LinkBase::new(source, self.site().await?)))
        } else {
            None
        };
        let base_path = Arc::clone(&self.base_path);
        let mut input = RenderInput::new(source, manuscript, base_path, base.clone());
        let mut rendered = self.ports.renderer.render(share, input.clone()).await?;
        self.find_images(&mut input, source, &rendered.references)
            .await?;
        let mut links = BTreeSet::new();
        if let Some(base) = &base {
            links = link_names(base, &rendered.references);
            input.links = self
                .find_links(&base.site, links.clone(), freshness)
                .await?;
        }
        if input.has_targets() {
            rendered = self.ports.renderer.render(share, input.clone()).await?;
        }
        let mut rendition = Rendition::from(rendered);
        input
            .links
            .explain(base.as_deref(), &mut rendition.references);
        rendition.links = links;
        Ok(rendition)
    }

    /// Finds the images that references without a URL name.
    async fn find_images(
        &self,
        input: &mut RenderInput,
        source: Option<&ImportSource>,
        references: &[BodyReference],
    ) -> Result<()> {
        let images = &self.ports.images;
        let missing = missing_images(source, references, &self.base_path);
        if !missing.is_empty() {
            input.images = images.find_by_paths(&missing).await?.into_iter().collect();
        }
        let missing = missing_files(references, &self.base_path);
        if !missing.is_empty() {
            let found = images.find_many(&missing).await?.into_iter();
            let found = found.filter(|image| image.trash.is_none());
            input.files = found.map(|image| (image.id(), image.file)).collect();
        }
        Ok(())
    }

    /// Renders a text for the answer only. The rendition is empty if the answer does not contain it.
    pub(in crate::posts) async fn render_for_answer(
        &self,
        share: WorkShare,
        copy: WorkingCopy,
    ) -> Result<RenderedPost> {
        if self.shows_renditions {
            return self.render_copy(share, copy).await;
        }
        let rendition = Rendition::default();
        Ok(RenderedPost { copy, rendition })
    }

    pub(in crate::posts) async fn render_copy(
        &self,
        share: WorkShare,
        copy: WorkingCopy,
    ) -> Result<RenderedPost> {
        let source = copy.post.content.source.as_ref();
        let rendition = self.render(share, source, &copy.manuscript).await?;
        Ok(RenderedPost { copy, rendition })
    }
}

/// Whether a body can have links: to files of Markdown or HTML, or as values of Liquid.
fn may_link(body: &str) -> bool {
    let marks = ["](", "]:", "<a", "<A", "{%", "{{", "<http", "http"];
    marks.iter().any(|mark| body.contains(mark))
}

impl From<Rendered> for Rendition {
    fn from(rendered: Rendered) -> Self {
        Self {
            html: rendered.html,
            references: rendered.references,
            exceeded: rendered.exceeded,
            links: BTreeSet::new(),
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
            RenderInput::new(source, &manuscript(body, head), Arc::default(), None)
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
            page(Some(&source("a.html")), "a", None),
        ];
        assert!(others.iter().all(|other| other.digest() != plain.digest()));
    }
}
