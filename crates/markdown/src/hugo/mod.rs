//! The rules of Hugo for content files: configuration, cascades, names of keys and URLs.

mod cascade;
mod config;
mod keys;
mod permalink;
mod sanitise;

use std::collections::{BTreeMap, BTreeSet};

pub use config::{HugoConfigFile, config_files};
pub use permalink::HugoPage;

use crate::content_path::{ContentPath, locate, with_date_of_url};
use crate::front_matter::{YamlMap, YamlValue};
use crate::jekyll::defaults::merged;
use crate::jekyll::permalink::PermalinkError;
use cascade::Cascade;

/// A Hugo site: its configuration and the front matter of its sections.
#[derive(Debug, Clone, Default)]
pub struct HugoSite {
    /// The configuration with keys in lower case.
    config: YamlMap,
    /// The folders of content with their languages, longest paths first.
    folders: Vec<(String, Option<String>)>,
    /// The folders below the content folder with a section page, such as `posts/notes`.
    sections: BTreeSet<String>,
    /// The titles of sections that have one.
    titles: BTreeMap<String, String>,
    cascades: BTreeMap<String, Vec<Cascade>>,
    /// Whether all pages are directly in the content folder.
    is_flat: bool,
}

impl HugoSite {
    /// Creates a site from its parsed configuration files, the weakest first.
    #[must_use]
    pub fn new(files: Vec<(HugoConfigFile, YamlMap)>) -> Self {
        let config = config::joined(files);
        let folders = config::content_folders(&config);
        let cascades = config.get("cascade").map(cascade::read).unwrap_or_default();
        Self {
            config,
            folders,
            cascades: BTreeMap::from([(String::new(), cascades)]),
            ..Self::default()
        }
    }

    /// Adds the front matter of a section page, `_index.md`.
    pub fn add_section(&mut self, path: &str, front_matter: &YamlMap) {
        let Some(page) = self.locate(path) else {
            return;
        };
        let (folder, front_matter) = (page.directories.join("/"), keys::normalised(front_matter));
        if let Some(value) = front_matter.get("cascade") {
            let cascades = self.cascades.entry(folder.clone()).or_default();
            cascades.extend(cascade::read(value));
        }
        if let Some(title) = front_matter.text("title") {
            self.titles.insert(folder.clone(), title.to_owned());
        }
        self.sections.insert(folder);
    }

    /// Records that no page is below a section. Then the posts are the pages in the content folder.
    pub fn set_flat(&mut self) {
        self.is_flat = true;
    }

    /// Whether no page is below a section.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.is_flat
    }

    /// The folders of content, without slashes at their ends.
    pub fn content_folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(|(folder, _)| folder.as_str())
    }

    /// The values of the configuration under the names that Jekyll uses: `title`, `url`, `baseurl`,
    /// `timezone`, `lang`; then those of Hugo.
    #[must_use]
    pub fn values(&self) -> YamlMap {
        config::site_values(&self.config)
    }

    /// Reads the path of a content file. Returns `None` for other files.
    #[must_use]
    pub fn locate<'a>(&'a self, path: &'a str) -> Option<ContentPath<'a>> {
        locate(&self.folders, &self.languages(), path)
    }

    /// Returns the front matter of a page under the names of Jekyll's keys, with the values that cascade
    /// from its sections. Values of the file win, then those of the nearest section.
    #[must_use]
    pub fn front_matter(&self, path: &str, map: &YamlMap) -> YamlMap {
        let own = keys::normalised(map);
        let Some(page) = self.locate(path) else {
            return own;
        };
        let mut front_matter = own;
        for depth in (0..=page.directories.len()).rev() {
            let folder = page.directories[..depth].join("/");
            for cascade in self.cascades.get(&folder).into_iter().flatten() {
                if cascade.matches(&page) {
                    let values = keys::normalised(&cascade.values);
                    front_matter = merged(front_matter, &values);
                }
            }
        }
        with_date_of_url(keys::completed(front_matter), "url")
    }

    /// Whether the lists of posts of the site include a page: with `mainSections` the pages of these
    /// sections, otherwise all pages below a section that have a date; in a flat site all pages with one.
    #[must_use]
    pub fn lists(&self, page: &ContentPath<'_>, has_date: bool) -> bool {
        let Some(section) = page.section() else {
            return self.is_flat && has_date;
        };
        match self.main_sections() {
            Some(sections) => sections.contains(&section),
            None => has_date,
        }
    }

    /// The name of the section of a page: the title of the section page, otherwise its folder.
    #[must_use]
    pub fn section_name<'a>(&'a self, page: &ContentPath<'a>) -> Option<&'a str> {
        let section = page.section()?;
        Some(self.titles.get(section).map_or(section, String::as_str))
    }

    /// Returns the percent-encoded URL of a page on the old site.
    ///
    /// # Errors
    /// See [`PermalinkError`].
    pub fn url(&self, page: &HugoPage<'_>) -> Result<String, PermalinkError> {
        permalink::url(self, page)
    }

    fn main_sections(&self) -> Option<Vec<&str>> {
        let params = match self.config.get("params") {
            Some(YamlValue::Map(params)) => params.get("mainsections"),
            _ => None,
        };
        match self.config.get("mainsections").or(params)? {
            YamlValue::List(names) => Some(names.iter().filter_map(YamlValue::text).collect()),
            value => Some(value.text().into_iter().collect()),
        }
    }

    fn languages(&self) -> BTreeSet<&str> {
        let configured = match self.config.get("languages") {
            Some(YamlValue::Map(languages)) => languages.entries(),
            _ => &[],
        };
        configured.iter().map(|entry| entry.key.as_str()).collect()
    }

    fn default_language(&self) -> &str {
        self.config.text("defaultcontentlanguage").unwrap_or("en")
    }

    fn is_set(&self, key: &str) -> bool {
        self.config.text(key) == Some("true")
    }

    /// The prefix of URLs in a language, such as `/es`; empty for the default one.
    fn language_prefix(&self, language: Option<&str>) -> String {
        let language = language.unwrap_or(self.default_language());
        let in_folder = self.is_set("defaultcontentlanguageinsubdir");
        let is_known = self.languages().contains(language);
        if (language == self.default_language() && !in_folder) || !is_known {
            return String::new();
        }
        format!("/{}", language.to_lowercase())
    }
}

#[cfg(test)]
mod tests;
