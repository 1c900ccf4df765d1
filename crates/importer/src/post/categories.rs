use super::parsed_file::ParsedFile;
use crate::{
    diagnostic::Diagnostic,
    slug::slug,
    text::{name_key, one_line},
};

/// Maximum number of categories of a post.
const MAX_CATEGORIES: usize = 5;
/// The longest name of a category, in characters.
const MAX_NAME: usize = 80;

/// A category in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedCategory {
    /// The name in the form in which names are compared.
    pub(crate) key: String,
    pub(crate) name: String,
}

/// Returns the categories of a file, each once: the folders above `_posts`, then those of the front
/// matter. The warnings name categories that are invalid or too many.
pub(super) fn read(file: &ParsedFile<'_>) -> (Vec<ParsedCategory>, Vec<Diagnostic>) {
    let (mut categories, mut invalid): (Vec<ParsedCategory>, Vec<String>) = Default::default();
    for name in file.name.categories.iter().chain(&file.meta.categories) {
        let name = one_line(name);
        let fits = name.chars().count() <= MAX_NAME;
        let key = name_key(&name);
        if !fits || slug(&name).is_none() {
            invalid.push(name);
        } else if categories.iter().all(|category| category.key != key) {
            categories.push(ParsedCategory { key, name });
        }
    }
    let rest = categories.split_off(categories.len().min(MAX_CATEGORIES));
    let invalid = Diagnostic::left_out(
        "bad_category",
        "categories",
        &format!("they have no slug or more than {MAX_NAME} characters"),
        invalid.iter().map(String::as_str),
    );
    let too_many = Diagnostic::left_out(
        "too_many_categories",
        "categories",
        &format!("a post has at most {MAX_CATEGORIES}"),
        rest.iter().map(|category| category.name.as_str()),
    );
    let line = file.line(&["categories", "category"]);
    let warnings = [invalid, too_many].into_iter().flatten();
    (
        categories,
        warnings.map(|warning| warning.at(line)).collect(),
    )
}
