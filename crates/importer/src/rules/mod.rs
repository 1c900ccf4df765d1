//! The rules of the generator that built the site of the folder.

mod read;

use jiff::Zoned;
use tintero_markdown::{
    content_path::ContentPath,
    front_matter::{Meta, YamlMap},
    generator::Generator,
    hugo::{HugoPage, HugoSite},
    jekyll::{
        defaults::with_defaults,
        file_name::PostFileName,
        permalink::{PermalinkError, PermalinkFields, PermalinkTemplate},
        site::SiteConfig,
    },
    zola::{ZolaPage, ZolaSite},
};

pub(crate) use read::{SiteRead, read};

/// The sections that say no more than that their pages are posts.
const PLAIN_SECTIONS: [&str; 8] = [
    "post", "posts", "blog", "blogs", "article", "articles", "entry", "entries",
];

/// The rules of a generator, with its configuration.
#[derive(Debug, Default)]
pub(crate) enum SiteRules {
    #[default]
    Jekyll,
    Hugo(Box<HugoSite>),
    Zola(Box<ZolaSite>),
}

/// The parsed parts of a file that its old URL depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UrlParts<'a> {
    pub(crate) path: &'a str,
    pub(crate) name: &'a PostFileName,
    pub(crate) map: &'a YamlMap,
    pub(crate) meta: &'a Meta,
    /// The date in the time zone of the site.
    pub(crate) date: Option<&'a Zoned>,
}

impl SiteRules {
    pub(crate) fn generator(&self) -> Generator {
        match self {
            Self::Jekyll => Generator::Jekyll,
            Self::Hugo(_) => Generator::Hugo,
            Self::Zola(_) => Generator::Zola,
        }
    }

    /// Reads the path of a content file of Hugo or Zola.
    pub(crate) fn locate<'a>(&'a self, path: &'a str) -> Option<ContentPath<'a>> {
        match self {
            Self::Jekyll => None,
            Self::Hugo(site) => site.locate(path),
            Self::Zola(site) => site.locate(path),
        }
    }

    pub(crate) fn file_name(&self, site: &SiteConfig, path: &str) -> PostFileName {
        match self.locate(path) {
            Some(page) => page.file_name(),
            None => PostFileName::read(site.relative(path)),
        }
    }

    /// Adds the values that the site gives a file, under the names of Jekyll's keys.
    pub(crate) fn front_matter(&self, site: &SiteConfig, path: &str, map: YamlMap) -> YamlMap {
        match self {
            Self::Jekyll => with_defaults(site, path, map),
            Self::Hugo(site) => site.front_matter(path, &map),
            Self::Zola(site) => site.front_matter(map),
        }
    }

    /// The language in the path of a file.
    pub(crate) fn language<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        self.locate(path)?.language
    }

    /// Whether the lists of posts of the site include a file.
    pub(crate) fn lists(&self, path: &str, has_date: bool) -> bool {
        match (self, self.locate(path)) {
            (Self::Hugo(site), Some(page)) => site.lists(&page, has_date),
            (Self::Zola(_), Some(_)) => has_date,
            _ => true,
        }
    }

    /// Whether pages directly in the content folder can be posts.
    pub(crate) fn has_posts_outside_sections(&self) -> bool {
        match self {
            Self::Jekyll => false,
            Self::Hugo(site) => site.is_flat(),
            Self::Zola(_) => true,
        }
    }

    /// The category of a file without categories: its section, if it says more than "posts".
    pub(crate) fn section_category(&self, path: &str) -> Option<String> {
        let page = self.locate(path)?;
        let section = page.section()?;
        if PLAIN_SECTIONS.contains(&section.to_lowercase().as_str()) {
            return None;
        }
        let name = match self {
            Self::Hugo(site) => site.section_name(&page)?,
            _ => section,
        };
        Some(name.to_owned())
    }

    /// The percent-encoded URL of a post on the old site. `None` if the generator shows no such file.
    pub(crate) fn old_url(
        &self,
        site: &SiteConfig,
        parts: &UrlParts<'_>,
    ) -> Option<Result<String, PermalinkError>> {
        match self {
            Self::Jekyll => Some(jekyll_url(site, parts, parts.date?)),
            Self::Hugo(hugo) => Some(hugo.url(&HugoPage {
                path: &hugo.locate(parts.path)?,
                title: parts.meta.title.as_deref().unwrap_or_default(),
                slug: parts.meta.slug.as_deref(),
                url: parts.map.text("url"),
                date: parts.date,
            })),
            Self::Zola(zola) => Some(zola.url(&ZolaPage {
                path: &zola.locate(parts.path)?,
                slug: parts.meta.slug.as_deref(),
                url: parts.map.text("path"),
            })),
        }
    }

    /// The path of an alias as the generator serves it, for a post with this URL.
    pub(crate) fn alias(&self, written: &str, url: Option<&str>) -> String {
        if matches!(self, Self::Jekyll) || written.is_empty() || written.contains("://") {
            return written.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        if let (Self::Hugo(_), false, Some(url)) = (self, written.starts_with('/'), url) {
            parts.extend(url.trim_matches('/').split('/'));
            parts.pop();
        }
        for part in written.split('/') {
            match part {
                "" | "." => {}
                ".." if !parts.is_empty() => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let name = parts.last().copied().unwrap_or_default();
        let end = if name.contains('.') || name.is_empty() {
            ""
        } else {
            "/"
        };
        format!("/{}{end}", parts.join("/"))
    }
}

fn jekyll_url(
    site: &SiteConfig,
    parts: &UrlParts<'_>,
    date: &Zoned,
) -> Result<String, PermalinkError> {
    let mut categories = parts.name.categories.clone();
    categories.extend(parts.meta.categories.iter().cloned());
    let fields = PermalinkFields {
        date,
        categories: &categories,
        slug: parts.meta.slug.as_deref().unwrap_or(&parts.name.slug),
        path: site.relative(parts.path),
    };
    let own = parts.meta.permalink.as_deref();
    let template = own.map(PermalinkTemplate::of_post);
    let template = template.unwrap_or_else(|| site.permalink());
    let url = template.url(&fields)?;
    let prefix = site.language_prefix(parts.meta.locale.as_deref());
    let slash = if prefix.is_empty() || url.starts_with('/') {
        ""
    } else {
        "/"
    };
    Ok(format!("{prefix}{slash}{url}"))
}

#[cfg(test)]
mod tests;
