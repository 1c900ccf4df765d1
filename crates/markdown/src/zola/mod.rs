//! The rules of Zola for content files: configuration, names of keys and URLs.

mod keys;

use std::collections::BTreeSet;

use crate::content_path::{CONTENT_FOLDER, ContentPath, locate, with_date_of_url};
use crate::front_matter::{Scalar, YamlEntry, YamlMap, YamlValue};
use crate::jekyll::permalink::{PermalinkError, encode_path};

/// A Zola site.
#[derive(Debug, Clone)]
pub struct ZolaSite {
    config: YamlMap,
    folders: Vec<(String, Option<String>)>,
}

/// The fields of a page for its URL.
#[derive(Debug, Clone, Copy)]
pub struct ZolaPage<'a> {
    /// The parts of its path.
    pub path: &'a ContentPath<'a>,
    /// The `slug`.
    pub slug: Option<&'a str>,
    /// The `path`, which replaces the whole URL.
    pub url: Option<&'a str>,
}

impl ZolaSite {
    /// Creates a site from its `config.toml` or `zola.toml`.
    #[must_use]
    pub fn new(config: YamlMap) -> Self {
        Self {
            config,
            folders: vec![(CONTENT_FOLDER.to_owned(), None)],
        }
    }

    /// The values of the configuration under the names that Jekyll uses: `url`, `baseurl`, `lang`; then
    /// those of Zola.
    #[must_use]
    pub fn values(&self) -> YamlMap {
        let mut values = self.config.clone();
        let base = self.config.text("base_url").unwrap_or_default();
        let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = path.trim_matches('/');
        let path = if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        };
        let names = [
            ("url", format!("{scheme}://{host}")),
            ("baseurl", path),
            ("lang", self.default_language().to_owned()),
            // Zola publishes pages whatever their date.
            ("future", "true".to_owned()),
        ];
        for (key, text) in names {
            values.set(YamlEntry {
                key: key.to_owned(),
                line: 0,
                value: YamlValue::Scalar(Scalar { text, plain: false }),
            });
        }
        values
    }

    /// Reads the path of a content file. Returns `None` for other files.
    #[must_use]
    pub fn locate<'a>(&'a self, path: &'a str) -> Option<ContentPath<'a>> {
        locate(&self.folders, &self.languages(), path)
    }

    /// Returns the front matter of a page under the names of Jekyll's keys.
    #[must_use]
    pub fn front_matter(&self, map: YamlMap) -> YamlMap {
        with_date_of_url(keys::normalised(map), "path")
    }

    /// Returns the percent-encoded URL of a page on the old site.
    ///
    /// # Errors
    /// Fails if the URL has parent directories or control characters.
    pub fn url(&self, page: &ZolaPage<'_>) -> Result<String, PermalinkError> {
        let path = match page.url.map(str::trim).filter(|url| !url.is_empty()) {
            Some(url) => url.trim_matches('/').to_owned(),
            None => self.default_path(page),
        };
        let is_outside = path.split('/').any(|part| part == "..");
        if is_outside || path.contains(char::is_control) {
            return Err(PermalinkError::Escapes { template: path });
        }
        let end = if path.is_empty() { "" } else { "/" };
        Ok(encode_path(&format!("/{path}{end}")))
    }

    fn default_path(&self, page: &ZolaPage<'_>) -> String {
        let language = page.path.language;
        let language = language.filter(|language| *language != self.default_language());
        let mut parts: Vec<&str> = language.into_iter().collect();
        parts.extend(&page.path.directories);
        let (date, rest) = page.path.dated_name();
        let keeps_dates = self.slugify("paths_keep_dates") == Some("true");
        let name = match page.slug {
            Some(slug) => slug,
            None if date.is_some() && !keeps_dates => rest,
            None => page.path.name,
        };
        let slug = match self.slugify("paths") {
            Some("off") => name.to_owned(),
            Some("safe") => safe(name),
            _ => slug::slugify(name),
        };
        parts.push(&slug);
        parts.join("/")
    }

    fn slugify(&self, key: &str) -> Option<&str> {
        match self.config.get("slugify") {
            Some(YamlValue::Map(settings)) => settings.text(key),
            _ => None,
        }
    }

    fn default_language(&self) -> &str {
        self.config.text("default_language").unwrap_or("en")
    }

    fn languages(&self) -> BTreeSet<&str> {
        let configured = match self.config.get("languages") {
            Some(YamlValue::Map(languages)) => languages.entries(),
            _ => &[],
        };
        let others = configured.iter().map(|entry| entry.key.as_str());
        let all: BTreeSet<&str> = others.chain([self.default_language()]).collect();
        // Without other languages, Zola reads no language in file names.
        if all.len() > 1 { all } else { BTreeSet::new() }
    }
}

/// Removes the characters that file systems do not allow.
fn safe(name: &str) -> String {
    let mut name = name.trim_end_matches([' ', '.']).to_owned();
    name.retain(|letter| !"<>:\"/\\|?*".contains(letter));
    name
}

#[cfg(test)]
mod tests;
