use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    succession,
    values::{OperationId, Tag, Timestamp},
};

/// What is left of a tag that is no more. Kept until its name comes back, so that drafts, old
/// revisions and clients that still write it are understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Which tag it was, in some letter case.
    pub tag: Tag,
    /// Since when it is no more.
    pub retired_at: Timestamp,
    /// What stands for it, as it is to be spelled; it may be an alias itself by now.
    pub into: Tag,
    /// True once no post lies in its list any more; until then its list is read as part of the
    /// other's.
    pub drained: bool,
    /// What moves its posts.
    pub operation: OperationId,
}

/// All tags that are no more, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    /// By the tag in lower case.
    all: BTreeMap<String, Alias>,
}

impl Aliases {
    /// Most tags that are no more; what is left of them is read with the categories.
    pub const MAX: usize = 1000;

    /// True when every tag stands for itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds one.
    pub fn add(&mut self, alias: Alias) {
        self.all.insert(alias.tag.folded(), alias);
    }

    /// What is left of a tag, given in lower case.
    #[must_use]
    pub fn get(&self, folded: &str) -> Option<&Alias> {
        self.all.get(folded)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Alias> {
        self.all.values()
    }

    /// Those from whose lists posts are still to move.
    pub fn moving(&self) -> impl Iterator<Item = &Alias> {
        self.iter().filter(|alias| !alias.drained)
    }

    /// What stands for a tag now: itself, unless it went.
    #[must_use]
    pub fn resolve(&self, tag: &Tag) -> Tag {
        let next = |tag: &Tag| self.get(&tag.folded()).map(|alias| alias.into.clone());
        succession::end(tag.clone(), next)
    }

    /// The same of a tag in lower case.
    #[must_use]
    pub fn resolve_folded(&self, folded: &str) -> String {
        match self.get(folded) {
            Some(alias) => self.resolve(&alias.into).folded(),
            None => folded.to_owned(),
        }
    }

    /// Puts what they stand for now in the place of the tags of a post, each once.
    pub fn bring_up_to_date(&self, tags: &mut Vec<Tag>) {
        let went = |tag: &Tag| self.get(&tag.folded()).is_some();
        if self.is_empty() || !tags.iter().any(went) {
            return;
        }
        // One that is there already keeps its spelling, and takes the first place.
        let known: Vec<_> = tags.iter().filter(|tag| !went(tag)).cloned().collect();
        let mut present: Vec<Tag> = Vec::with_capacity(tags.len());
        for tag in tags.drain(..) {
            let (tag, folded) = (self.resolve(&tag), self.resolve_folded(&tag.folded()));
            let same = |other: &&Tag| other.folded() == folded;
            if !present.iter().any(|other| same(&other)) {
                present.push(known.iter().find(same).cloned().unwrap_or(tag));
            }
        }
        *tags = present;
    }

    /// The lists that together hold the posts with a tag, its own last, in the order in which posts
    /// move between them; in lower case, as the tag.
    #[must_use]
    pub fn lists_of(&self, folded: &str) -> Vec<String> {
        let sources = |target: &String| {
            let all = self.all.iter();
            let sources = all.filter(|(_, alias)| alias.into.folded() == *target);
            sources.map(|(folded, _)| folded.clone()).collect()
        };
        let holds_posts = |list: &String| self.get(list).is_some_and(|alias| !alias.drained);
        succession::lists(&folded.to_owned(), sources, holds_posts)
    }
}

impl FromIterator<Alias> for Aliases {
    fn from_iter<I: IntoIterator<Item = Alias>>(all: I) -> Self {
        let mut aliases = Self::default();
        all.into_iter().for_each(|alias| aliases.add(alias));
        aliases
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn tag(text: &str) -> Tag {
        text.parse().unwrap()
    }

    fn went(from: &str, into: &str, drained: bool) -> Alias {
        Alias {
            tag: tag(from),
            retired_at: Timestamp::from_millis(0),
            into: tag(into),
            drained,
            operation: OperationId::new(Uuid::nil()),
        }
    }

    fn brought_up_to_date(aliases: &Aliases, tags: &[&str]) -> Vec<String> {
        let mut tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
        aliases.bring_up_to_date(&mut tags);
        tags.into_iter().map(String::from).collect()
    }

    #[test]
    fn a_chain_leads_to_its_end_in_any_letter_case() {
        let aliases =
            Aliases::from_iter([went("JS", "Ecma", true), went("ECMA", "JavaScript", false)]);
        assert_eq!(aliases.resolve(&tag("js")).as_str(), "JavaScript");
        assert_eq!(aliases.resolve(&tag("Ecma")).as_str(), "JavaScript");
        assert_eq!(aliases.resolve(&tag("javascript")).as_str(), "javascript");
        assert_eq!(aliases.resolve_folded("js"), "javascript");
        assert_eq!(aliases.resolve_folded("rust"), "rust");
    }

    #[test]
    fn tags_of_a_post_become_what_stands_for_them_each_once() {
        let aliases = Aliases::from_iter([
            went("js", "JavaScript", true),
            went("ecma", "JavaScript", true),
        ]);
        assert_eq!(
            brought_up_to_date(&aliases, &["Rust", "AWS"]),
            ["Rust", "AWS"]
        );
        assert_eq!(
            brought_up_to_date(&aliases, &["JS", "AWS"]),
            ["JavaScript", "AWS"]
        );
        assert_eq!(
            brought_up_to_date(&aliases, &["js", "AWS", "ecma"]),
            ["JavaScript", "AWS"]
        );
        let both = ["js", "AWS", "javascript"];
        assert_eq!(brought_up_to_date(&aliases, &both), ["javascript", "AWS"]);
    }

    #[test]
    fn lists_are_read_from_where_posts_leave_to_where_they_come() {
        let aliases = Aliases::from_iter([
            went("a", "B", false),
            went("b", "C", true),
            went("x", "c", false),
        ]);
        let lists = aliases.lists_of("c");
        assert_eq!(lists.last().unwrap(), "c");
        assert!(lists.contains(&"a".to_owned()) && lists.contains(&"x".to_owned()));
        assert!(!lists.contains(&"b".to_owned()), "it is empty");
        let aliases = Aliases::from_iter([went("b", "c", false), went("a", "b", false)]);
        assert_eq!(aliases.lists_of("c"), ["a", "b", "c"]);
        assert_eq!(aliases.lists_of("z"), ["z"]);
    }

    #[test]
    fn a_circle_in_damaged_data_hangs_nobody() {
        let aliases = Aliases::from_iter([went("a", "b", false), went("b", "a", false)]);
        assert_eq!(aliases.lists_of("a").len(), 2);
        let _ = aliases.resolve(&tag("a"));
    }
}
