use tintero_markdown::{
    front_matter::{self, Map, Meta, Split},
    jekyll::file_name::{FileName, Format, Problem},
};

use super::{Mention, Post, Settings, Term, credits, links, sheet::Sheet, tags, terms};
use crate::{finding::Finding, people::Person, text::sha256};

/// Longest body, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// Longest front matter, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;

/// Turns files into posts, by Jekyll's rules and the site's settings.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(super) settings: Settings,
}

impl Reader {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// What all files of the import have in common.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What a file makes. The same path and bytes make the same post for the same settings.
    ///
    /// # Errors
    /// What is wrong with the file, when no post can be made of it.
    pub(crate) fn read(&self, path: &str, file: &[u8]) -> Result<Post, Finding> {
        let split = front_matter::split(file)?;
        bounded(&split)?;
        let mut warnings = Vec::new();
        let map = keys(&split, &mut warnings)?;
        let (meta, odd) = Meta::read(&map, &self.settings.around.image_keys);
        warnings.extend(odd.into_iter().map(Finding::from));
        let name = FileName::read(path);
        warnings.extend(doubts(&name));
        let sheet = Sheet {
            reader: self,
            path,
            name,
            map,
            meta,
        };
        let date = sheet.date()?;
        let intent = sheet.intent(date.as_ref(), split.block.is_some(), &mut warnings);
        let mut content = sheet.content(date.as_ref(), &mut warnings)?;
        let Links {
            categories,
            credits,
            mentions,
        } = Links::of(&sheet, &split, &mut warnings);
        content.categories = categories.iter().map(|term| term.key.clone()).collect();
        content.bylines = credits.iter().map(|person| person.key.clone()).collect();
        content.featured_image = links::featured(&mentions);
        Ok(Post {
            sha256: sha256([file]),
            content,
            intent,
            all_terms: all_terms(&sheet),
            warnings,
            categories,
            credits,
            mentions,
        })
    }
}

/// What a file leads to.
struct Links {
    categories: Vec<Term>,
    credits: Vec<Person>,
    mentions: Vec<Mention>,
}

impl Links {
    fn of(sheet: &Sheet<'_>, split: &Split<'_>, warnings: &mut Vec<Finding>) -> Self {
        let (categories, unfit) = terms::of(sheet);
        warnings.extend(unfit);
        let (credits, unfit) = credits::of(sheet);
        warnings.extend(unfit);
        let (mentions, flags) = links::of(sheet, split);
        warnings.extend(flags);
        Self {
            categories,
            credits,
            mentions,
        }
    }
}

/// Categories and tags as one list.
fn all_terms(sheet: &Sheet<'_>) -> Vec<String> {
    let folders = &sheet.name.categories;
    let terms = [folders, &sheet.meta.categories, &sheet.meta.tags];
    tags::of(terms.into_iter().flatten()).0
}

/// Refuses what the server has no room for.
fn bounded(split: &Split<'_>) -> Result<(), Finding> {
    let parts = [
        ("front matter", split.head, MAX_FRONT_MATTER),
        ("text", split.body, MAX_BODY),
    ];
    match parts.into_iter().find(|(_, text, most)| text.len() > *most) {
        Some((what, text, most)) => {
            let (length, most) = (text.len().div_ceil(1024), most / 1024);
            let reason = format!("the {what} has {length} KiB, and {most} KiB is the limit");
            Err(Finding::new("too_large", reason))
        }
        None => Ok(()),
    }
}

/// The keys of the front matter; none when there is none.
fn keys(split: &Split<'_>, warnings: &mut Vec<Finding>) -> Result<Map, Finding> {
    let Some(block) = &split.block else {
        let reason = "has no front matter, so Jekyll does not publish it; it is kept as a draft";
        warnings.push(Finding::new("no_front_matter", reason).at(1));
        return Ok(Map::default());
    };
    let parsed = front_matter::parse(block)?;
    warnings.extend(parsed.warnings.into_iter().map(Finding::from));
    Ok(parsed.map)
}

/// What the name of the file leaves open.
fn doubts(name: &FileName) -> Vec<Finding> {
    let problem = name
        .problem
        .filter(|problem| !(name.in_drafts && *problem == Problem::NoDate));
    let html = (name.format() == Some(Format::Html)).then(|| {
        Finding::new(
            "html",
            "is HTML; its text is kept and rendered as Markdown, which may show it differently",
        )
    });
    problem
        .map(|problem| Finding::new("file_name", problem.to_string()))
        .into_iter()
        .chain(html)
        .collect()
}
