//! Tags in the model, with the targets of merges and renames.

use super::{
    operations::{Actor, TagDeed},
    post::{INVALID, NOT_FOUND, Refusal, TAKEN},
    words::Words,
    world::{World, manages},
};

/// The former tags in lower case, with their targets.
#[derive(Debug, Clone, Default)]
pub(super) struct Tags(Vec<(String, &'static str)>);

impl Tags {
    /// The current tag, as spelled.
    pub(super) fn resolve(&self, tag: &'static str) -> &'static str {
        match self.successor(tag) {
            Some(into) => self.resolve(into),
            None => tag,
        }
    }

    /// The tags of posts: former ones are replaced by their targets, without duplicates.
    pub(super) fn present(&self, tags: &[&'static str]) -> Vec<&'static str> {
        let stays = |tag: &&str| self.successor(tag).is_none();
        let mut known: Vec<_> = tags.iter().filter(|tag| stays(tag)).copied().collect();
        let mut present = Vec::new();
        for tag in tags {
            let into = self.resolve(tag);
            if stays(tag) {
                present.push(*tag);
            } else if !known.iter().any(|other| same(other, into)) {
                known.push(into);
                present.push(into);
            }
        }
        present
    }

    pub(super) fn went(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(tag, _)| tag.as_str())
    }

    pub(super) fn successor(&self, tag: &str) -> Option<&'static str> {
        let mut went = self.0.iter();
        went.find(|(gone, _)| same(gone, tag))
            .map(|(_, into)| *into)
    }
}

/// Compares without case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl World {
    /// Replaces a tag by another one. Repeating it changes nothing.
    pub(super) fn replace_tag(
        &mut self,
        tag: &'static str,
        deed: TagDeed,
        by: Actor,
    ) -> Result<(), Refusal> {
        manages(by)?;
        let into = match deed {
            TagDeed::Rename(name) => name,
            TagDeed::Merge(into) => self.tags.resolve(into),
        };
        if same(tag, into) {
            return Err(INVALID);
        }
        if self.tags.successor(tag).is_some() {
            let again = same(self.tags.resolve(tag), into);
            return if again { Ok(()) } else { Err(NOT_FOUND) };
        }
        if self.tagged(tag) == 0 {
            return Err(NOT_FOUND);
        }
        match deed {
            TagDeed::Merge(_) if self.tagged(into) == 0 => return Err(INVALID),
            TagDeed::Rename(name) => self.require_free_name(tag, name)?,
            TagDeed::Merge(_) => {}
        }
        self.bring_back(into);
        self.tags.0.push((tag.to_lowercase(), into));
        Ok(())
    }

    /// Fails unless the name is unused: neither posts nor former tags have it, or it is a former name
    /// of this tag and all posts have moved.
    fn require_free_name(&self, tag: &'static str, name: &'static str) -> Result<(), Refusal> {
        let free = match self.tags.successor(name) {
            None => self.tagged(name) == 0,
            Some(_) => same(self.tags.resolve(name), tag) && self.arrived,
        };
        if free { Ok(()) } else { Err(TAKEN) }
    }

    /// Makes a former tag available again. Listed posts keep its target.
    fn bring_back(&mut self, tag: &str) {
        if self.tags.successor(tag).is_none() {
            return;
        }
        let now = self.now;
        for post in &mut self.posts {
            let lists: Vec<_> = post
                .showings
                .iter()
                .map(|one| post.lists(one, true, now))
                .collect();
            for (showing, listed) in post.showings.iter_mut().zip(lists) {
                if listed {
                    showing.words.tags = self.tags.present(&showing.words.tags);
                }
            }
        }
        self.tags.0.retain(|(gone, _)| !same(gone, tag));
    }

    /// The number of published posts with a tag.
    pub(super) fn tagged(&self, tag: &'static str) -> usize {
        self.public(|live| self.has_tag(&live.words, tag)).len()
    }

    /// Whether content has a tag or its target.
    pub(super) fn has_tag(&self, words: &Words, tag: &'static str) -> bool {
        let wanted = self.tags.resolve(tag);
        let mut present = self.tags.present(&words.tags).into_iter();
        present.any(|own| same(own, wanted))
    }
}
