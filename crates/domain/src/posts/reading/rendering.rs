//! Renders bodies: looks up referenced images and posts, then renders without I/O.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use tintero_markdown::{render::Rendered, report::BodyReference};

use super::{
    image_targets::{missing_files, missing_images},
    link_names::LinkBase,
    links::link_names,
    render_input::RenderInput,
};
use crate::{
    error::{Error, Result},
    freshness::Freshness,
    posts::{ImportSource, LinkName, Manuscript, Posts, WorkingCopy},
    text_work::{TextJob, TextWorkers, TooComplex, WorkShare, on_workers},
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
