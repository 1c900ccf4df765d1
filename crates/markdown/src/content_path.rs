//! Paths of content files of Hugo and Zola.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::front_matter::{Scalar, YamlEntry, YamlMap, YamlValue};
use crate::jekyll::file_name::{Format, PostFileName, calendar, dated};

/// The parts of the path of a content file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentPath<'a> {
    /// The folders between the content folder and the page. The folder of a bundle is not one of them.
    pub directories: Vec<&'a str>,
    /// The name without extension and language; for `index.md` the name of its folder.
    pub name: &'a str,
    /// The extension without its dot.
    pub extension: &'a str,
    /// The language in the file name or of the content folder.
    pub language: Option<&'a str>,
    /// Whether this is the `index` of a folder, whose other files belong to the page.
    pub is_bundle: bool,
    /// Whether this is `_index`, the page of a section.
    pub is_section: bool,
}

impl<'a> ContentPath<'a> {
    /// The top folder of the page. Pages directly in the content folder have no section.
    #[must_use]
    pub fn section(&self) -> Option<&'a str> {
        self.directories.first().copied()
    }

    /// The date at the start of the name, and the name after it.
    #[must_use]
    pub fn dated_name(&self) -> (Option<Date>, &'a str) {
        if let (Some(date), rest, _) = dated(self.name)
            && !rest.is_empty()
        {
            return (Some(date), rest);
        }
        let split = self.name.split_once('_');
        let date = split.and_then(|(date, rest)| Some((date.parse().ok()?, rest)));
        match date.filter(|(_, rest)| !rest.is_empty()) {
            Some((date, rest)) => (Some(date), rest),
            None => (None, self.name),
        }
    }

    /// The name, date and format of the file. A date at the start of the name is not part of the slug.
    #[must_use]
    pub fn file_name(&self) -> PostFileName {
        let (date, slug) = self.dated_name();
        PostFileName {
            date,
            slug: slug.to_owned(),
            extension: self.extension.to_owned(),
            categories: Vec::new(),
            in_drafts: false,
            problem: None,
        }
    }
}

/// The folder of the contents of Hugo and Zola.
pub const CONTENT_FOLDER: &str = "content";

/// Adds the date in the URL in `url_key`, such as `2024/01/02/title`, to front matter without a
/// date.
pub(crate) fn with_date_of_url(mut map: YamlMap, url_key: &str) -> YamlMap {
    let Some(entry) = map.entry(url_key).filter(|_| map.get("date").is_none()) else {
        return map;
    };
    let path = entry.value.text().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    // The last part is the name of the page.
    let date = parts.windows(4).find_map(|parts| match parts {
        [year, month, day, _] if year.len() == 4 => calendar(year, month, day),
        _ => None,
    });
    if let Some(date) = date {
        let line = entry.line;
        let (key, text) = ("date".to_owned(), date.to_string());
        let value = YamlValue::Scalar(Scalar { text, plain: true });
        map.set(YamlEntry { key, line, value });
    }
    map
}

/// Returns the files that a reference such as `posts/a.md`, `a` or `@/posts/a.md` in the content file `from`
/// can mean, the most likely first: below the content folder, then below the folder of the file. Without an
/// extension, it is a Markdown file or a folder with an `index.md`.
#[must_use]
pub fn referenced_files(from: &str, reference: &str) -> Vec<String> {
    let name = reference.trim_start_matches("@/").trim_start_matches("./");
    let name = name.trim_matches('/');
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut files = Vec::new();
    for base in [CONTENT_FOLDER, folder] {
        let path = format!("{base}/{name}");
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        if extension.and_then(Format::of_extension).is_some() {
            files.push(path);
        } else {
            files.push(format!("{path}.md"));
            files.push(format!("{path}/index.md"));
        }
    }
    files
}

/// Reads a path below one of the content folders, longest first.
pub(crate) fn locate<'a>(
    folders: &'a [(String, Option<String>)],
    languages: &BTreeSet<&str>,
    path: &'a str,
) -> Option<ContentPath<'a>> {
    let (below, folder_language) = folders.iter().find_map(|(folder, language)| {
        let below = path.strip_prefix(folder.as_str())?.strip_prefix('/')?;
        Some((below, language.as_deref()))
    })?;
    let mut directories: Vec<&str> = below.split('/').collect();
    let (stem, extension) = directories.pop()?.rsplit_once('.')?;
    Format::of_extension(extension)?;
    let (name, language) = match stem.rsplit_once('.') {
        Some((name, language)) if languages.contains(language) => (name, Some(language)),
        _ => (stem, folder_language),
    };
    let is_bundle = name == "index" && !directories.is_empty();
    let name = if is_bundle { directories.pop()? } else { name };
    Some(ContentPath {
        directories,
        name,
        extension,
        language,
        is_bundle,
        is_section: name == "_index",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_below_the_content_or_the_folder_of_the_file() {
        let from = "content/posts/a.md";
        assert_eq!(
            referenced_files(from, "@/notes/b.md"),
            ["content/notes/b.md", "content/posts/notes/b.md"]
        );
        assert_eq!(
            referenced_files(from, "/b"),
            [
                "content/b.md",
                "content/b/index.md",
                "content/posts/b.md",
                "content/posts/b/index.md"
            ]
        );
    }
}
