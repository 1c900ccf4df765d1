use tintero_markdown::{
    front_matter::{self, Meta, SplitFile, YamlMap},
    jekyll::file_name::{FileNameProblem, PostFileName},
};

use super::{
    ImportSettings, ParsedPost, aliases, bylines, categories, images, parsed_file::ParsedFile, tags,
};
use crate::{diagnostic::Diagnostic, text::sha256};

/// The longest body, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// The longest front matter, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;

const NOT_LISTED: &str = "is a page: its site does not list it among the posts";

/// The reason why a file has no post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The site does not show it as a post.
    NotAPost(&'static str),
    /// It cannot be imported.
    Invalid(Diagnostic),
}

impl<E: Into<Diagnostic>> From<E> for Unread {
    fn from(error: E) -> Self {
        Self::Invalid(error.into())
    }
}

/// Reads files into posts by the rules of their generator and the settings of the import.
#[derive(Debug)]
pub(crate) struct PostFileReader {
    pub(crate) settings: ImportSettings,
}

impl PostFileReader {
    pub(crate) fn new(settings: ImportSettings) -> Self {
        Self { settings }
    }

    /// Reads a file. The result depends only on the path, the bytes and the settings.
    pub(crate) fn read(&self, path: &str, file: &[u8]) -> Result<ParsedPost, Unread> {
        let split = front_matter::split(file)?;
        check_size(&split)?;
        let mut warnings = Vec::new();
        let map = front_matter_keys(&split)?;
        let ImportSettings { site, rules, .. } = &self.settings;
        let (map, map_warnings) = map;
        warnings.extend(map_warnings);
        let map = rules.front_matter(site, path, map);
        let (meta, meta_warnings) = Meta::read(&map, &self.settings.contents.image_keys);
        warnings.extend(meta_warnings.into_iter().map(Diagnostic::from));
        let mut name = rules.file_name(site, path);
        if name.categories.is_empty() && meta.categories.is_empty() {
            name.categories.extend(rules.section_category(path));
        }
        warnings.extend(name_warning(&name));
        let parsed = ParsedFile {
            settings: &self.settings,
            path,
            name,
            map,
            meta,
        };
        let date = parsed.date()?;
        if !rules.lists(path, date.is_some()) {
            return Err(Unread::NotAPost(NOT_LISTED));
        }
        let intent = parsed.intent(date.as_ref(), split.block.is_some(), &mut warnings);
        let aliases = aliases::read(&parsed, date.as_ref());
        let mut content = parsed.content(&split, date.as_ref(), aliases, &mut warnings)?;
        let (categories, category_warnings) = categories::read(&parsed);
        let (bylines, byline_warning) = bylines::read(&parsed);
        let (images, image_warnings) = images::read(&parsed, &split);
        warnings.extend(category_warnings);
        warnings.extend(byline_warning);
        warnings.extend(image_warnings);
        let keys = categories.iter().map(|category| category.key.clone());
        content.categories = keys.collect();
        content.bylines = bylines.iter().map(|byline| byline.key.clone()).collect();
        content.featured_image = images::featured(&images);
        let (image_targets, too_many) = images::targets(path, &images);
        warnings.extend(too_many);
        Ok(ParsedPost {
            has_derived_excerpt: parsed.meta.excerpt.is_none() && content.excerpt.is_some(),
            sha256: sha256([file]),
            content,
            intent,
            legacy_tags: legacy_tags(&parsed),
            warnings,
            categories,
            bylines,
            images,
            image_targets,
        })
    }
}

fn legacy_tags(file: &ParsedFile<'_>) -> Vec<String> {
    let names = [
        &file.name.categories,
        &file.meta.categories,
        &file.meta.tags,
    ];
    tags::read(names.into_iter().flatten()).0
}

fn check_size(split: &SplitFile<'_>) -> Result<(), Diagnostic> {
    for (part, text, limit) in [
        ("front matter", split.head, MAX_FRONT_MATTER),
        ("text", split.body, MAX_BODY),
    ] {
        if text.len() > limit {
            let (length, limit) = (text.len().div_ceil(1024), limit / 1024);
            let reason = format!("the {part} has {length} KiB; the limit is {limit} KiB");
            return Err(Diagnostic::new("too_large", reason));
        }
    }
    Ok(())
}

fn front_matter_keys(split: &SplitFile<'_>) -> Result<(YamlMap, Vec<Diagnostic>), Diagnostic> {
    let Some(block) = &split.block else {
        return Ok((YamlMap::default(), Vec::new()));
    };
    let parsed = front_matter::parse(block)?;
    let warnings = parsed.warnings.into_iter().map(Diagnostic::from);
    Ok((parsed.map, warnings.collect()))
}

fn name_warning(name: &PostFileName) -> Option<Diagnostic> {
    name.problem
        .filter(|problem| !(name.in_drafts && *problem == FileNameProblem::NoDate))
        .map(|problem| Diagnostic::new("file_name", problem.to_string()))
}
