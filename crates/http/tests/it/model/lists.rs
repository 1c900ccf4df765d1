//! Reads of the model: URLs and lists.

use std::collections::BTreeMap;

use super::{
    operations::Moment,
    post::{Post, Showing},
    tags::same,
    words::Words,
    world::{Row, World},
};

/// The result of a read by slug.
#[derive(Debug)]
pub(super) enum Place<'a> {
    Nowhere,
    Gone,
    Here(usize, &'a Showing),
    Moved(&'a Showing),
}

/// The expected number of posts of a category or tag.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) exactly: usize,
    /// While posts move, a post in several merged categories can be counted several times.
    pub(super) at_most: usize,
}

impl Count {
    /// Whether a count is expected: exact after all posts have moved.
    pub(super) fn fits(&self, seen: Option<u64>, settled: bool) -> bool {
        let seen = seen.and_then(|seen| usize::try_from(seen).ok());
        let at_most = if settled { self.exactly } else { self.at_most };
        seen.is_some_and(|seen| (self.exactly..=at_most).contains(&seen))
    }
}

impl World {
    /// Resolves a slug.
    pub(super) fn place(&self, slug: &str, locale: &str) -> Place<'_> {
        let posts = self.posts.iter().enumerate();
        let holder = posts.filter(|(_, post)| !post.purged).find(|(_, post)| {
            let mut shown = post.shown(self.now);
            shown.any(|showing| showing.is_at(slug, locale))
        });
        match holder {
            None => Place::Nowhere,
            Some((nth, post)) => match post.live(self.now) {
                Some(live) if live.is_at(slug, locale) => Place::Here(nth, live),
                Some(live) => Place::Moved(live),
                None if post.trashed => Place::Gone,
                None => Place::Nowhere,
            },
        }
    }

    /// The public list: newest publication date first, then newest post.
    pub(super) fn public(&self, wanted: impl Fn(&Showing) -> bool) -> Vec<Row<'_>> {
        let all = 0..self.posts.len();
        let listed = all.filter_map(|nth| Some((nth, self.listed(nth)?)));
        let mut rows: Vec<_> = listed.filter(|(_, live)| wanted(live)).collect();
        rows.sort_by_key(|(nth, live)| std::cmp::Reverse((live.date, *nth)));
        rows
    }

    /// The tags and categories of a post in public lists.
    pub(super) fn listed(&self, nth: usize) -> Option<&Showing> {
        let post = &self.posts[nth];
        let live = post.live(self.now).filter(|_| !post.purged);
        live.filter(|live| live.listed)
    }

    /// A list of working copies ordered by a time, newest first.
    pub(super) fn desk(
        &self,
        wanted: impl Fn(&Post) -> bool,
        by: impl Fn(&Post) -> Moment,
    ) -> Vec<usize> {
        let posts = (0..self.posts.len()).filter(|nth| !self.posts[*nth].purged);
        let mut rows: Vec<_> = posts.filter(|nth| wanted(&self.posts[*nth])).collect();
        rows.sort_by_key(|nth| std::cmp::Reverse((by(&self.posts[*nth]), *nth)));
        rows
    }

    /// Whether the post is in one of these categories.
    pub(super) fn files(&self, words: &Words, under: &[usize]) -> bool {
        let mut present = self.tree.present(&words.categories).into_iter();
        present.any(|nth| under.contains(&nth))
    }

    /// Whether a list of the category contains the post, now or later.
    pub(super) fn is_used(&self, nth: usize) -> bool {
        self.posts.iter().any(|post| {
            let mut showings = post.showings.iter();
            showings.any(|showing| {
                post.lists(showing, self.swept, self.now) && self.files(&showing.words, &[nth])
            })
        })
    }

    /// The number of posts in a category.
    pub(super) fn count(&self, nth: usize) -> Count {
        let rows = self.public(|live| self.files(&live.words, &[nth]));
        let ways = |(_, live): &Row<'_>| {
            let named = live.words.categories.iter();
            named
                .filter(|own| self.tree.resolve(**own) == Some(nth))
                .count()
        };
        Count {
            exactly: rows.len(),
            at_most: rows.iter().map(ways).sum(),
        }
    }

    /// The tags of published posts in lower case, sorted, with their counts.
    pub(super) fn tag_counts(&self) -> BTreeMap<String, Count> {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        for (_, live) in self.public(|_| true) {
            for tag in self.tags.present(&live.words.tags) {
                let named = live.words.tags.iter();
                let ways = named
                    .filter(|own| same(self.tags.resolve(own), tag))
                    .count();
                let count = counts.entry(tag.to_lowercase()).or_default();
                count.exactly += 1;
                count.at_most += ways;
            }
        }
        counts
    }
}
