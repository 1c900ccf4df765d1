use std::collections::BTreeMap;

use crate::{
    taxonomy::{TagTombstone, aliases},
    values::Tag,
};

/// The tombstones of all retired tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagAliases {
    /// By the tag in lower case.
    by_tag: BTreeMap<String, TagTombstone>,
}

impl TagAliases {
    /// Whether no tag is retired.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_tag.is_empty()
    }

    /// Returns the number of retired tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_tag.len()
    }

    /// Inserts a tombstone.
    pub fn insert(&mut self, tombstone: TagTombstone) {
        self.by_tag.insert(tombstone.tag.folded(), tombstone);
    }

    /// Returns the tombstone of a tag, given in lower case.
    #[must_use]
    pub fn get(&self, folded: &str) -> Option<&TagTombstone> {
        self.by_tag.get(folded)
    }

    /// Returns all tombstones.
    pub fn iter(&self) -> impl Iterator<Item = &TagTombstone> {
        self.by_tag.values()
    }

    /// Returns the tombstones of tags whose lists may have posts.
    pub fn undrained(&self) -> impl Iterator<Item = &TagTombstone> {
        self.iter().filter(|tombstone| !tombstone.alias.drained)
    }

    /// Returns the final replacement of a tag, or the tag itself if it is not retired.
    #[must_use]
    pub fn resolve(&self, tag: &Tag) -> Tag {
        let next = |tag: &Tag| {
            let tombstone = self.get(&tag.folded());
            tombstone.map(|tombstone| tombstone.alias.into.clone())
        };
        aliases::resolve(tag.clone(), next)
    }

    /// Like [`resolve`](Self::resolve), in lower case.
    #[must_use]
    pub fn resolve_folded(&self, folded: &str) -> String {
        match self.get(folded) {
            Some(tombstone) => self.resolve(&tombstone.alias.into).folded(),
            None => folded.to_owned(),
        }
    }

    /// Replaces the retired tags of a post and removes duplicates.
    pub fn resolve_aliases(&self, tags: &mut Vec<Tag>) {
        let is_retired = |tag: &Tag| self.get(&tag.folded()).is_some();
        if self.is_empty() || !tags.iter().any(is_retired) {
            return;
        }
        // A current tag of the post keeps its spelling, at the first position of its duplicates.
        let current: Vec<_> = tags
            .iter()
            .filter(|tag| !is_retired(tag))
            .cloned()
            .collect();
        let mut resolved: Vec<Tag> = Vec::with_capacity(tags.len());
        for tag in tags.drain(..) {
            let (tag, folded) = (self.resolve(&tag), self.resolve_folded(&tag.folded()));
            let same = |other: &&Tag| other.folded() == folded;
            if !resolved.iter().any(|other| same(&other)) {
                resolved.push(current.iter().find(same).cloned().unwrap_or(tag));
            }
        }
        *tags = resolved;
    }

    /// Returns the lists that together contain the posts with a tag, in the direction of relocation:
    /// those of its aliases, then its own. All names are in lower case.
    #[must_use]
    pub fn lists_of(&self, folded: &str) -> Vec<String> {
        let sources = |target: &String| {
            let all = self.by_tag.iter();
            let sources = all.filter(|(_, tombstone)| tombstone.alias.into.folded() == *target);
            sources.map(|(folded, _)| folded.clone()).collect()
        };
        let holds_posts = |list: &String| {
            let tombstone = self.get(list);
            tombstone.is_some_and(|tombstone| !tombstone.alias.drained)
        };
        aliases::lists(&folded.to_owned(), sources, holds_posts)
    }
}

impl FromIterator<TagTombstone> for TagAliases {
    fn from_iter<I: IntoIterator<Item = TagTombstone>>(tombstones: I) -> Self {
        let by_tag = tombstones
            .into_iter()
            .map(|tombstone| (tombstone.tag.folded(), tombstone));
        Self {
            by_tag: by_tag.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        taxonomy::Alias,
        values::{OperationId, Timestamp},
    };

    fn tag(text: &str) -> Tag {
        text.parse().unwrap()
    }

    fn renamed(from: &str, into: &str, drained: bool) -> TagTombstone {
        TagTombstone {
            tag: tag(from),
            retired_at: Timestamp::from_millis(0),
            alias: Alias {
                into: tag(into),
                drained,
                operation: OperationId::new(Uuid::nil()),
            },
        }
    }

    fn resolved(aliases: &TagAliases, tags: &[&str]) -> Vec<String> {
        let mut tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
        aliases.resolve_aliases(&mut tags);
        tags.into_iter().map(String::from).collect()
    }

    #[test]
    fn chains_resolve_to_their_end_in_any_letter_case() {
        let aliases = TagAliases::from_iter([
            renamed("JS", "Ecma", true),
            renamed("ECMA", "JavaScript", false),
        ]);
        assert_eq!(aliases.resolve(&tag("js")).as_str(), "JavaScript");
        assert_eq!(aliases.resolve(&tag("Ecma")).as_str(), "JavaScript");
        assert_eq!(aliases.resolve(&tag("javascript")).as_str(), "javascript");
        assert_eq!(aliases.resolve_folded("js"), "javascript");
        assert_eq!(aliases.resolve_folded("rust"), "rust");
    }

    #[test]
    fn retired_tags_of_a_post_are_replaced_without_duplicates() {
        let aliases = TagAliases::from_iter([
            renamed("js", "JavaScript", true),
            renamed("ecma", "JavaScript", true),
        ]);
        assert_eq!(resolved(&aliases, &["Rust", "AWS"]), ["Rust", "AWS"]);
        assert_eq!(resolved(&aliases, &["JS", "AWS"]), ["JavaScript", "AWS"]);
        assert_eq!(
            resolved(&aliases, &["js", "AWS", "ecma"]),
            ["JavaScript", "AWS"]
        );
        let both = ["js", "AWS", "javascript"];
        assert_eq!(resolved(&aliases, &both), ["javascript", "AWS"]);
    }

    #[test]
    fn lists_are_ordered_in_the_direction_of_relocation() {
        let aliases = TagAliases::from_iter([
            renamed("a", "B", false),
            renamed("b", "C", true),
            renamed("x", "c", false),
        ]);
        let lists = aliases.lists_of("c");
        assert_eq!(lists.last().unwrap(), "c");
        assert!(lists.contains(&"a".to_owned()) && lists.contains(&"x".to_owned()));
        assert!(!lists.contains(&"b".to_owned()), "it is drained");
        let aliases = TagAliases::from_iter([renamed("b", "c", false), renamed("a", "b", false)]);
        assert_eq!(aliases.lists_of("c"), ["a", "b", "c"]);
        assert_eq!(aliases.lists_of("z"), ["z"]);
    }

    #[test]
    fn a_cycle_in_damaged_data_ends() {
        let aliases = TagAliases::from_iter([renamed("a", "b", false), renamed("b", "a", false)]);
        assert_eq!(aliases.lists_of("a").len(), 2);
        let _ = aliases.resolve(&tag("a"));
    }
}
