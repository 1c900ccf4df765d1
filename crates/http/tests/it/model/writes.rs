//! Writes to posts in the model.

use super::{
    operations::{Actor, Base, CategoryDeed, Deed, Operation},
    post::{FORBIDDEN, INVALID, NOT_FOUND, Post, Refusal, STALE, TAKEN},
    tree::Tree,
    words::{Changes, Words},
    world::{Answer, World},
};

/// The result of an accepted write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Plainly,
    /// Merged with concurrent changes.
    Merged,
}

impl World {
    pub(super) fn create(
        &mut self,
        words: &Words,
        date: Option<i64>,
        published: bool,
        by: Actor,
    ) -> Result<(), Refusal> {
        let date = date.map(|by| self.now + by);
        let mut post = Post::new(self.present(words), by, date, self.now);
        if published {
            post.publish(None, by, self.now)?;
        }
        self.saved(words, None)?;
        self.posts.push(post);
        Ok(())
    }

    /// Applies a write and returns the response.
    pub(super) fn answered(&mut self, nth: usize, base: u64, deed: &Deed, by: Actor) -> Answer {
        let success = if matches!(deed, Deed::Purge) {
            204
        } else {
            200
        };
        match self.write(nth, base, deed, by) {
            Ok(written) => Answer {
                merged: written == Written::Merged,
                ..Answer::plain(success)
            },
            Err(refusal) => Answer::plain(refusal),
        }
    }

    fn write(&mut self, nth: usize, base: u64, deed: &Deed, by: Actor) -> Result<Written, Refusal> {
        let (mut post, now) = (self.posts[nth].clone(), self.now);
        if post.purged {
            return Err(NOT_FOUND);
        }
        if !post.admits(by, deed) {
            return Err(FORBIDDEN);
        }
        post.words = self.present(&post.words);
        let mut written = Written::Plainly;
        match deed {
            Deed::Merge(changes) if base != post.version => {
                written = Written::Merged;
                let words = self.merged(&post, base, changes)?;
                post.require_legal(deed, now)?;
                post.save(self.saved(&words, Some(nth))?, post.date, now);
            }
            Deed::Edit(changes) | Deed::Merge(changes) => {
                post.require(base, deed, now)?;
                let words = self.saved(&post.words.changed(changes), Some(nth))?;
                let date = changes.date.map(|date| date.map(|by| now + by));
                post.save(words, date.unwrap_or(post.date), now);
            }
            Deed::Restore { revision } => {
                post.require(base, deed, now)?;
                let words = self.present(&post.history[revision % post.history.len()]);
                post.restore(self.saved(&words, Some(nth))?, now);
            }
            _ => {
                post.require(base, deed, now)?;
                post.take(deed, by, now)?;
                let claims = matches!(deed, Deed::Publish { .. } | Deed::Schedule { .. });
                if claims && self.is_taken(&post.words, Some(nth), |_| true) {
                    return Err(TAKEN);
                }
            }
        }
        self.posts[nth] = post;
        Ok(written)
    }

    /// Applies a patch with `merge=auto`.
    fn merged(&self, post: &Post, base: u64, changes: &Changes) -> Result<Words, Refusal> {
        // The date is not part of revisions, so its changes are not attributed.
        let date = changes.date.map(|date| date.map(|by| self.now + by));
        if date.is_some_and(|date| date != post.date) {
            return Err(STALE);
        }
        let before = self.present(post.words_at(base));
        // A former name of a merged category or tag is not a change.
        let mut yours = before.changed(changes);
        yours.tags = self.tags.present(&yours.tags);
        yours.categories = self.tree.filed(&yours.categories);
        before.merged(&post.words, &yours).ok_or(STALE)
    }

    /// The content to save, if valid.
    fn saved(&self, words: &Words, own: Option<usize>) -> Result<Words, Refusal> {
        let before = own.map(|nth| &self.posts[nth].words);
        let is_new = |name: Name| before.is_none_or(|before| !name.is_in(before));
        if self.is_taken(words, own, is_new) {
            return Err(TAKEN);
        }
        if words
            .categories
            .iter()
            .any(|nth| self.tree.is_deleted(*nth))
        {
            return Err(INVALID);
        }
        Ok(self.present(words))
    }

    /// The content with current categories.
    fn present(&self, words: &Words) -> Words {
        Words {
            categories: self.tree.present(&words.categories),
            tags: self.tags.present(&words.tags),
            ..words.clone()
        }
    }

    /// The post with a number, if any.
    pub(super) fn existing(&self, nth: usize) -> Option<usize> {
        (!self.posts.is_empty()).then(|| nth % self.posts.len())
    }

    /// The version of a post.
    pub(super) fn version(&self, nth: usize, base: Base) -> u64 {
        base.version(self.posts[nth].version)
    }

    /// The distinct categories with these numbers.
    fn known(&self, categories: &[usize]) -> Vec<usize> {
        let mut known = Vec::new();
        for nth in categories
            .iter()
            .filter_map(|nth| self.tree.existing(Some(*nth)))
        {
            if !known.contains(&nth) {
                known.push(nth);
            }
        }
        known
    }

    /// Whether another post or a redirect has one of the names that are `asked` for.
    fn is_taken(&self, words: &Words, own: Option<usize>, asked: impl Fn(Name) -> bool) -> bool {
        let others = || {
            let posts = self.posts.iter().enumerate();
            posts.filter(move |(nth, _)| Some(*nth) != own)
        };
        let (slug, locale) = (words.slug, words.locale);
        let by_slug =
            asked(Name::Slug(slug, locale)) && others().any(|(_, post)| post.holds(slug, locale));
        let mut aliases = words.aliases.iter().filter(|path| asked(Name::Alias(path)));
        by_slug
            || aliases.any(|path| {
                let mut ways = self.ways.iter().filter(|way| !way.removed);
                let holds = |post: &Post| post.holds_aliases() && post.words.aliases.contains(path);
                ways.any(|way| way.from == *path) || others().any(|(_, post)| holds(post))
            })
    }
}

/// A name in the content of a post.
#[derive(Clone, Copy)]
enum Name<'a> {
    Slug(&'a str, &'a str),
    Alias(&'a str),
}

impl Name<'_> {
    fn is_in(self, words: &Words) -> bool {
        match self {
            Self::Slug(slug, locale) => words.slug == slug && words.locale == locale,
            Self::Alias(path) => words.aliases.contains(&path),
        }
    }
}

impl Base {
    /// Resolves a version.
    pub(super) fn version(self, latest: u64) -> u64 {
        match self {
            Self::Latest => latest,
            Self::Back(by) => latest.saturating_sub(by).max(1),
            Self::At(version) => version,
        }
    }
}

impl Operation {
    /// Resolves numbers and versions for a world.
    pub(super) fn fixed(&self, world: &World) -> Self {
        let mut operation = self.clone();
        match &mut operation {
            Self::Create { words, .. } => words.categories = world.known(&words.categories),
            Self::Post { nth, base, deed } => {
                if let Some(existing) = world.existing(*nth) {
                    *nth = existing;
                    *base = Base::At(world.version(existing, *base));
                    deed.fix(world, existing);
                }
            }
            Self::CreateCategory { parent, .. } => *parent = world.tree.existing(*parent),
            Self::Category { nth, base, deed } => {
                if let Some(existing) = world.tree.existing(Some(*nth)) {
                    *nth = existing;
                    *base = Base::At(base.version(world.tree.0[existing].version));
                    deed.fix(&world.tree);
                }
            }
            _ => {}
        }
        operation
    }
}

impl Deed {
    fn fix(&mut self, world: &World, nth: usize) {
        match self {
            Self::Edit(changes) | Self::Merge(changes) => {
                let named = changes.categories.as_ref();
                changes.categories = named.map(|named| world.known(named));
            }
            Self::Restore { revision } => *revision %= world.posts[nth].history.len(),
            _ => {}
        }
    }
}

impl CategoryDeed {
    fn fix(&mut self, tree: &Tree) {
        match self {
            Self::Change { parent, .. } => *parent = parent.map(|parent| tree.existing(parent)),
            Self::Merge { into, .. } => *into = into.sent(tree).unwrap_or(*into),
            Self::Delete => {}
        }
    }
}
