use std::collections::BTreeSet;

use crate::{diagnostic::Diagnostic, text::one_line};

/// Maximum number of tags of a post.
const MAX_TAGS: usize = 15;
/// The longest tag, in characters.
const MAX_LENGTH: usize = 40;

/// Returns the tags, each once regardless of case, and warnings about tags over the limits.
pub(super) fn read<'a>(
    names: impl IntoIterator<Item = &'a String>,
) -> (Vec<String>, Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    let (mut tags, long): (Vec<String>, Vec<String>) = names
        .into_iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty() && seen.insert(name.to_lowercase()))
        .partition(|name| name.chars().count() <= MAX_LENGTH);
    let rest = tags.split_off(tags.len().min(MAX_TAGS));
    let left_out = |code, why: String, tags: &[String]| {
        Diagnostic::left_out(code, "tags", &why, tags.iter().map(String::as_str))
    };
    let why = format!("they are longer than {MAX_LENGTH} characters");
    let long = left_out("tag_too_long", why, &long);
    let why = format!("a post has at most {MAX_TAGS}");
    let too_many = left_out("too_many_tags", why, &rest);
    (tags, [long, too_many].into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_differ_only_in_case_are_one() {
        let names = ["AWS", "Programación", "aws", "PROGRAMACIÓN", " "].map(str::to_owned);
        let (tags, warnings) = read(&names);
        assert_eq!(tags, ["AWS", "Programación"]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn warnings_name_tags_over_the_limits() {
        let long = "ñ".repeat(41);
        let mut names: Vec<String> = (1..=16).map(|number| format!("tag {number}")).collect();
        names.insert(0, long.clone());
        let (tags, warnings) = read(&names);
        assert_eq!(tags.len(), 15);
        assert!(warnings[0].reason.ends_with(&format!("`{long}`")));
        assert!(warnings[1].reason.ends_with("`tag 16`"));
    }
}
