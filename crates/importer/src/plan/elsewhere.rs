use std::collections::BTreeMap;

use serde::Serialize;
use tintero_markdown::{
    front_matter::{Map, Value},
    jekyll::file_name::FileName,
};

use crate::{folder::Folder, post::Settings};

/// Something that Jekyll would publish and that is no post, so that it is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct NotPosts {
    /// A page, or the folder of a collection.
    pub(crate) path: String,
    /// How many files that is.
    pub(crate) files: usize,
}

/// The pages and collections of the folder, sorted by path. People are no part of it: they become
/// bylines.
pub(super) fn found(folder: &Folder, settings: &Settings) -> Vec<NotPosts> {
    let config = settings.site.values();
    let collections: Vec<String> = collections(config)
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "posts" | "drafts" | "authors"))
        .map(|name| format!("_{name}"))
        .collect();
    let excluded = names(config.get("exclude"));
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for path in settings.around.tree.files() {
        let top = path.split('/').next().unwrap_or(path);
        let is_excluded = excluded.iter().any(|name| {
            path == name || path.starts_with(&format!("{}/", name.trim_end_matches('/')))
        });
        if collections.iter().any(|name| name == top) {
            if FileName::read(path).format().is_some() {
                *found.entry(top.to_owned()).or_default() += 1;
            }
        } else if !is_excluded && folder.is_page(path) {
            found.insert(path.to_owned(), 1);
        }
    }
    let found = found.into_iter();
    found
        .map(|(path, files)| NotPosts { path, files })
        .collect()
}

/// The names of the collections: the keys of a map, or a list.
fn collections(config: &Map) -> Vec<String> {
    match config.get("collections") {
        Some(Value::Map(map)) => map
            .entries()
            .iter()
            .map(|entry| entry.key.clone())
            .collect(),
        other => names(other),
    }
}

fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::List(items)) => items
            .iter()
            .filter_map(Value::text)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
