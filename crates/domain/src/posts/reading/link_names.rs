//! The names by which links refer to posts: files of an import, former paths, and addresses in the pattern of the site.

use std::sync::Arc;

use tintero_markdown::{
    content_path::{CONTENT_FOLDER, referenced_files},
    jekyll::file_name::Format,
    report::{BodyReference, ReferenceKind},
    targets::is_remote,
};
use unicode_normalization::UnicodeNormalization;

use super::image_targets::resolve_relative;
use crate::{
    posts::{ImportSource, LinkName},
    site::SiteSettings,
    values::OldPath,
};

/// Most names looked up for one body. Links beyond stay unresolved. Each name costs a read.
pub(super) const MAX_NAMES: usize = 100;

/// The extensions of posts that a name without one can have, besides that of the linking file.
const EXTENSIONS: [&str; 3] = ["md", "markdown", "html"];

/// Where the links of a body are: in which file of which import, and on which site.
#[derive(Debug, Clone)]
pub(super) struct LinkBase {
    import: Option<String>,
    /// The path of the imported file.
    path: String,
    pub(super) site: Arc<SiteSettings>,
}

impl LinkBase {
    pub(super) fn new(source: Option<&ImportSource>, site: Arc<SiteSettings>) -> Self {
        Self {
            import: source.map(|source| source.import.clone()),
            path: source.map(|source| source.path.clone()).unwrap_or_default(),
            site,
        }
    }

    /// The text of everything that decides which names a link has.
    pub(super) fn digested(&self) -> [String; 5] {
        let site = &self.site;
        let base_url = site.base_url.as_ref().map(ToString::to_string);
        [
            self.import.clone().unwrap_or_default(),
            self.path.clone(),
            base_url.unwrap_or_default(),
            site.post_path.to_string(),
            site.default_locale.to_string(),
        ]
    }

    /// The names that a reference can mean, the most likely first.
    pub(super) fn names(&self, reference: &BodyReference) -> Vec<LinkName> {
        match reference.kind {
            ReferenceKind::Post => self.of_post(&reference.name),
            ReferenceKind::File => self.of_file(&reference.name),
            ReferenceKind::Link => {
                let end = reference.name.find(['#', '?']);
                self.of_link(&reference.name[..end.unwrap_or(reference.name.len())])
            }
            _ => Vec::new(),
        }
    }

    /// The files of `{% post_url name %}`: below the folder of the posts, or in that of a category.
    pub(super) fn of_post(&self, name: &str) -> Vec<LinkName> {
        let name = name.trim_start_matches('/');
        let above = self.path.split("_posts/").next().unwrap_or_default();
        let above = above
            .split("_drafts/")
            .next()
            .filter(|above| *above != self.path);
        let mut stems = vec![format!("_posts/{name}")];
        if let Some(above) = above.filter(|above| !above.is_empty()) {
            stems.push(format!("{above}_posts/{name}"));
        }
        if let Some((folder, file)) = name.rsplit_once('/') {
            stems.push(format!("{folder}/_posts/{file}"));
        }
        let own = self.path.rsplit_once('.').map(|(_, extension)| extension);
        let own = own.filter(|own| Format::of_extension(own).is_some());
        let others = EXTENSIONS.into_iter().filter(|other| Some(*other) != own);
        let extensions: Vec<_> = own.into_iter().chain(others).collect();
        let paths = stems.iter().flat_map(|stem| {
            let path = move |extension: &&str| format!("{stem}.{extension}");
            extensions.iter().map(path)
        });
        paths.filter_map(|path| self.source(&path)).collect()
    }

    /// The file of `{% link path %}`, or of a reference below the folder of the contents of Hugo and Zola.
    pub(super) fn of_file(&self, path: &str) -> Vec<LinkName> {
        let is_content = self
            .path
            .strip_prefix(CONTENT_FOLDER)
            .is_some_and(|below| below.starts_with('/'));
        let paths = if is_content {
            referenced_files(&self.path, path)
        } else {
            vec![
                path.trim_start_matches("./")
                    .trim_start_matches('/')
                    .to_owned(),
            ]
        };
        paths
            .into_iter()
            .filter_map(|path| self.source(&path))
            .collect()
    }

    /// The names of a decoded URL without query and fragment: a path of the site, or a relative path of a file with
    /// Markdown.
    pub(super) fn of_link(&self, url: &str) -> Vec<LinkName> {
        let own = self.site.base_url.as_ref().and_then(|base| base.local(url));
        let path = match own {
            Some("") => "/",
            Some(path) => path,
            None if is_remote(url) => return Vec::new(),
            None => url,
        };
        if path.starts_with("@/") {
            return self.of_file(path);
        }
        if !path.starts_with('/') {
            return self.relative(path).into_iter().collect();
        }
        // Files of images are references of their own.
        if path == "/" || path.starts_with("/media/") {
            return Vec::new();
        }
        let bare = self.below_base(path);
        let default = &self.site.default_locale;
        let address = self.site.post_path.address_in(bare, default);
        let mut names: Vec<_> = address.map(LinkName::Address).into_iter().collect();
        let paths = [Some(bare), Some(path).filter(|path| *path != bare)];
        let paths = paths.into_iter().flatten();
        names.extend(
            paths
                .filter_map(|path| OldPath::asked(path).ok())
                .map(LinkName::OldPath),
        );
        names
    }

    /// A path without that of the base URL.
    fn below_base<'a>(&self, path: &'a str) -> &'a str {
        let base = self.site.base_url.as_ref().map_or("", |url| url.path());
        let below = path.strip_prefix(base);
        below.filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    fn relative(&self, path: &str) -> Option<LinkName> {
        let (_, extension) = path.rsplit_once('.')?;
        if Format::of_extension(extension) != Some(Format::Markdown) {
            return None;
        }
        let source = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = resolve_relative(source, path)?;
        self.source(path.as_str())
    }

    fn source(&self, path: &str) -> Option<LinkName> {
        let import = self.import.clone()?;
        let path: String = path.nfc().collect();
        let fits = path.len() <= ImportSource::MAX_PATH;
        fits.then_some(LinkName::Source { import, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(path: &str, site: &SiteSettings) -> LinkBase {
        let source = ImportSource {
            import: "blog".to_owned(),
            path: path.to_owned(),
            sha256: String::new(),
        };
        LinkBase::new(Some(&source), Arc::new(site.clone()))
    }

    fn site() -> SiteSettings {
        SiteSettings {
            base_url: Some("https://ej.example/blog".parse().unwrap()),
            post_path: "/{year}/{slug}/".parse().unwrap(),
            ..SiteSettings::unset("es".parse().unwrap())
        }
    }

    fn written(names: Vec<LinkName>) -> Vec<String> {
        let text = |name| match name {
            LinkName::Source { path, .. } => path,
            LinkName::OldPath(path) => format!("old {path}"),
            LinkName::Address(address) => format!("slug {}", address.slug),
        };
        names.into_iter().map(text).collect()
    }

    #[test]
    fn a_post_url_names_files_with_the_extensions_of_posts() {
        let names = |path: &str, name: &str| written(base(path, &site()).of_post(name));
        assert_eq!(
            names("_posts/a.markdown", "2024-01-03-dos"),
            [
                "_posts/2024-01-03-dos.markdown",
                "_posts/2024-01-03-dos.md",
                "_posts/2024-01-03-dos.html"
            ]
        );
        let nested = names("src/_posts/a.md", "/nube/2024-01-03-dos");
        assert!(
            nested.contains(&"src/_posts/nube/2024-01-03-dos.md".to_owned()),
            "{nested:?}"
        );
        assert!(
            nested.contains(&"nube/_posts/2024-01-03-dos.md".to_owned()),
            "{nested:?}"
        );
    }

    #[test]
    fn links_name_paths_of_the_site_and_relative_files() {
        let base = base("_posts/uno.md", &site());
        for (url, expected) in [
            (
                "https://ej.example/blog/2024/dos/",
                &["slug dos", "old /2024/dos/"][..],
            ),
            (
                "/blog/2024/dos/",
                &["slug dos", "old /2024/dos/", "old /blog/2024/dos/"],
            ),
            ("/viejo.html", &["old /viejo.html"]),
            ("./2024-01-03-dos.md", &["_posts/2024-01-03-dos.md"]),
            ("../otro/tres.markdown", &["otro/tres.markdown"]),
            ("../../fuera.md", &[]),
            ("dos.html", &[]),
            ("https://otro.example/2024/dos/", &[]),
            ("mailto:ana@ej.example", &[]),
            ("/media/x.pdf", &[]),
            ("/", &[]),
            ("", &[]),
        ] {
            assert_eq!(written(base.of_link(url)), expected, "{url}");
        }
    }

    #[test]
    fn references_below_the_folder_of_the_contents_name_files() {
        let base = base("content/blog/uno.md", &site());
        for url in ["@/blog/dos.md", "blog/dos.md"] {
            assert_eq!(written(base.of_file(url))[0], "content/blog/dos.md");
        }
        assert_eq!(
            written(base.of_link("@/blog/dos.md"))[0],
            "content/blog/dos.md"
        );
    }

    #[test]
    fn a_text_without_a_file_has_no_relative_links() {
        let base = LinkBase::new(None, Arc::new(site()));
        assert!(base.of_post("2024-01-03-dos").is_empty());
        assert!(base.of_link("dos.md").is_empty());
        assert_eq!(written(base.of_link("/blog/a")), ["old /a", "old /blog/a"]);
    }
}
