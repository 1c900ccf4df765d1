use std::collections::BTreeSet;

use crate::{finding::Finding, text::one_line};

/// Most tags of one post.
const MAX_TAGS: usize = 15;
/// Longest tag, in characters.
const MAX_LENGTH: usize = 40;

/// The names as tags: each once whatever its case, within the server's limits. What does not fit is
/// named in a warning.
pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a String>) -> (Vec<String>, Vec<Finding>) {
    let mut seen = BTreeSet::new();
    let (fitting, long): (Vec<String>, Vec<String>) = names
        .into_iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty() && seen.insert(name.to_lowercase()))
        .partition(|name| name.chars().count() <= MAX_LENGTH);
    let (kept, rest) = fitting.split_at(fitting.len().min(MAX_TAGS));
    let warnings = [
        dropped(
            &long,
            "tag_too_long",
            &format!("are longer than {MAX_LENGTH} characters"),
        ),
        dropped(
            rest,
            "too_many_tags",
            &format!("are more than the {MAX_TAGS} that a post can have"),
        ),
    ];
    (kept.to_vec(), warnings.into_iter().flatten().collect())
}

fn dropped(names: &[String], code: &'static str, why: &str) -> Option<Finding> {
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (!list.is_empty()).then(|| {
        Finding::new(
            code,
            format!("tags were left out, since they {why}: {}", list.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_differ_only_in_case_are_one() {
        let names = ["AWS", "Programación", "aws", "PROGRAMACIÓN", " "].map(str::to_owned);
        let (tags, warnings) = of(&names);
        assert_eq!(tags, ["AWS", "Programación"]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let mut names: Vec<String> = (1..=16).map(|number| format!("tag {number}")).collect();
        names.insert(0, "ñ".repeat(41));
        let (tags, warnings) = of(&names);
        assert_eq!(tags.len(), 15);
        assert!(
            warnings[0]
                .reason
                .ends_with(&format!("`{}`", "ñ".repeat(41)))
        );
        assert!(warnings[1].reason.ends_with("`tag 16`"));
    }
}
