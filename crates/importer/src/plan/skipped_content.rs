use std::collections::BTreeMap;

use serde::Serialize;
use tintero_markdown::{
    front_matter::{YamlMap, YamlValue},
    jekyll::file_name::PostFileName,
};

use crate::{folder::Folder, post::ImportSettings, rules::SiteRules};

/// Content that the site publishes but that is not a post, so it is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SkippedContent {
    /// A page, or the folder of a collection.
    pub(crate) path: String,
    pub(crate) files: usize,
}

/// Finds the pages and collections of the folder, sorted by path. Authors are excluded: they become
/// bylines.
pub(super) fn find(folder: &Folder, settings: &ImportSettings) -> Vec<SkippedContent> {
    let config = settings.site.values();
    let collections: Vec<String> = collections(config)
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "posts" | "drafts" | "authors"))
        .map(|name| format!("_{name}"))
        .collect();
    let excluded = names(config.get("exclude"));
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for path in settings.contents.files.paths() {
        let top = path.split('/').next().unwrap_or(path);
        let is_excluded = excluded.iter().any(|name| {
            path == name || path.starts_with(&format!("{}/", name.trim_end_matches('/')))
        });
        if collections.iter().any(|name| name == top) {
            if PostFileName::read(path).format().is_some() {
                *found.entry(top.to_owned()).or_default() += 1;
            }
        } else if !is_excluded && is_page(folder, settings, path) {
            found.insert(path.to_owned(), 1);
        }
    }
    let found = found.into_iter();
    found
        .map(|(path, files)| SkippedContent { path, files })
        .collect()
}

/// Whether the generator makes a page of a file that is not a post.
fn is_page(folder: &Folder, settings: &ImportSettings, path: &str) -> bool {
    match settings.rules {
        SiteRules::Jekyll => folder.is_page(path),
        SiteRules::Hugo(_) | SiteRules::Zola(_) => {
            let page = settings.rules.locate(path);
            let is_outside = !settings.rules.has_posts_outside_sections();
            page.is_some_and(|page| is_outside && page.section().is_none() && !page.is_section)
        }
    }
}

/// The names of collections are the keys of a map, or a list.
fn collections(config: &YamlMap) -> Vec<String> {
    match config.get("collections") {
        Some(YamlValue::Map(map)) => map
            .entries()
            .iter()
            .map(|entry| entry.key.clone())
            .collect(),
        other => names(other),
    }
}

fn names(value: Option<&YamlValue>) -> Vec<String> {
    match value {
        Some(YamlValue::List(items)) => items
            .iter()
            .filter_map(YamlValue::text)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tintero_markdown::front_matter::ImageKeys;

    use super::*;
    use crate::test_folder::test_folder;

    fn skipped(config: &str, files: &[&str]) -> Vec<(String, usize)> {
        let files = files.iter().map(|path| (*path, "---\n---\n"));
        let files: Vec<_> = files.chain([("_config.yml", config)]).collect();
        let (_dir, folder) = test_folder(&files);
        let keys = ImageKeys::default();
        let settings = ImportSettings::read(&folder, None, None, Timestamp::UNIX_EPOCH, keys, None);
        let skipped = find(&folder, &settings.unwrap()).into_iter();
        skipped
            .map(|content| (content.path, content.files))
            .collect()
    }

    #[test]
    fn pages_and_collections_are_listed_but_not_posts_and_authors() {
        let files = [
            "_posts/2020-01-01-a.md",
            "_authors/ana.md",
            "_recipes/a.md",
            "_recipes/soups/b.md",
            "_recipes/photo.png",
            "_layouts/default.html",
            "about.md",
            "old/index.html",
            "vendored.md",
        ];
        let expected =
            [("_recipes", 2), ("about.md", 1)].map(|(path, count)| (path.to_owned(), count));
        for collections in ["{recipes: {output: true}, authors: }", "[recipes, authors]"] {
            let config = format!("collections: {collections}\nexclude: [old/, vendored.md]\n");
            assert_eq!(skipped(&config, &files), expected);
        }
    }
}
