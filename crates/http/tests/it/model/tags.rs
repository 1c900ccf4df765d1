//! Tags as the model knows them: those that went, each with what stands for it.

use super::{
    operations::{Actor, TagDeed},
    post::{INVALID, NOT_FOUND, Refusal, TAKEN},
    words::Words,
    world::{World, manages},
};

/// The tags that went, each in lower case, with the one that was put in its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Tags(Vec<(String, &'static str)>);

impl Tags {
    /// What stands for a tag now, as it is spelled.
    pub(super) fn resolve(&self, tag: &'static str) -> &'static str {
        match self.successor(tag) {
            Some(into) => self.resolve(into),
            None => tag,
        }
    }

    /// What posts show of their tags: what went as what stands for it, unless they have that.
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

/// Letter case does not tell tags apart.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl World {
    /// Puts another tag in the place of one. The same again changes nothing.
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

    /// A name is free that neither posts have nor anything stands for; or for which this tag
    /// stands, once no post is on its way.
    fn require_free_name(&self, tag: &'static str, name: &'static str) -> Result<(), Refusal> {
        let free = match self.tags.successor(name) {
            None => self.tagged(name) == 0,
            Some(_) => same(self.tags.resolve(name), tag) && self.arrived,
        };
        if free { Ok(()) } else { Err(TAKEN) }
    }

    /// A tag is there again. What lists show bears the tag that stood for it until now.
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

    /// How many published posts have a tag.
    pub(super) fn tagged(&self, tag: &'static str) -> usize {
        self.public(|live| self.has_tag(&live.words, tag)).len()
    }

    /// True when words have a tag, or what stands for it.
    pub(super) fn has_tag(&self, words: &Words, tag: &'static str) -> bool {
        let wanted = self.tags.resolve(tag);
        let mut present = self.tags.present(&words.tags).into_iter();
        present.any(|own| same(own, wanted))
    }
}
