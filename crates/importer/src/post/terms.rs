use super::{sheet::Sheet, slug};
use crate::{
    finding::Finding,
    text::{one_line, shown},
};

/// Most categories of one post.
const MAX_CATEGORIES: usize = 5;
/// Longest name of a category, in characters.
const MAX_NAME: usize = 80;

/// A category as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The folded name: names that fold alike are one category.
    pub(crate) key: String,
    /// The name as it is spelt here.
    pub(crate) name: String,
}

/// The categories of a file: the folders above `_posts`, then those of its front matter, each
/// once. What cannot be one, and what is too many, is named in a warning.
pub(super) fn of(sheet: &Sheet<'_>) -> (Vec<Term>, Vec<Finding>) {
    let line = ["categories", "category"]
        .into_iter()
        .find_map(|key| sheet.line(key));
    let (mut terms, mut unfit): (Vec<Term>, Vec<String>) = (Vec::new(), Vec::new());
    for name in sheet.name.categories.iter().chain(&sheet.meta.categories) {
        let name = one_line(name);
        let fits = name.chars().count() <= MAX_NAME;
        match slug::of(&name).filter(|_| fits) {
            Some(key) if terms.iter().all(|term| term.key != key) => terms.push(Term { key, name }),
            Some(_) => {}
            None => unfit.push(name),
        }
    }
    let rest = terms.split_off(terms.len().min(MAX_CATEGORIES));
    let rest: Vec<String> = rest.into_iter().map(|term| term.name).collect();
    let many = format!("are more than the {MAX_CATEGORIES} that a post can have");
    let long = format!("have no slug or more than {MAX_NAME} characters");
    let warnings = [
        left_out(&unfit, "bad_category", &long),
        left_out(&rest, "too_many_categories", &many),
    ];
    let at = |finding| Finding { line, ..finding };
    (terms, warnings.into_iter().flatten().map(at).collect())
}

fn left_out(names: &[String], code: &'static str, why: &str) -> Option<Finding> {
    let list: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    (!list.is_empty()).then(|| {
        let list = list.join(", ");
        Finding::new(
            code,
            format!("categories were left out, since they {why}: {list}"),
        )
    })
}
