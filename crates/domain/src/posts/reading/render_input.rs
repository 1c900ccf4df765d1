//! The input of a rendition: a body with the images and posts that it refers to.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use tintero_markdown::{
    front_matter,
    jekyll::{
        file_name::{Format, PostFileName},
        site::SiteConfig,
    },
    render::{Rendered, can_expand, render_html_within, render_within},
    targets::{ShownImage, Targets},
};

use super::{
    image_targets::{folder, image_candidates, own_file, shown},
    link_names::LinkBase,
    links::FoundLinks,
};
use crate::{
    images::ImageFile,
    posts::{ImportSource, Manuscript},
    text_work::{Budget, Stopped},
    values::{Digest, ImageId, SourcePath},
};

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
    pub(super) images: BTreeMap<SourcePath, ImageFile>,
    /// The images that the body names by the URLs of their files.
    pub(super) files: BTreeMap<ImageId, ImageFile>,
    /// Prefix of the paths of images.
    base_path: Arc<str>,
    /// Where the links are; absent for a body without links.
    link_base: Option<Arc<LinkBase>>,
    pub(super) links: FoundLinks,
    /// Digest of everything but the images and the posts that links lead to.
    origin: Digest,
}

impl RenderInput {
    pub(super) fn new(
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

    pub(super) fn has_targets(&self) -> bool {
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
