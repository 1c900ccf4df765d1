//! Resolution of category names, and the lists that contain the posts of a category.

use std::collections::HashMap;

use super::Tree;
use crate::{
    taxonomy::{Category, CategoryTombstone, Retirement, aliases},
    values::{CategoryId, IdOrSlug},
};

/// A subtree has too many non-empty lists to be read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooWide {
    /// Number of non-empty lists.
    pub lists: usize,
}

impl Tree {
    /// Maximum number of lists that are read as one.
    pub const MAX_LISTS: usize = 20;

    /// Returns the final replacement of a category, or the id itself if it is not retired. `None`
    /// if the category or its replacement was deleted.
    #[must_use]
    pub fn resolve(&self, id: CategoryId) -> Option<CategoryId> {
        let next = |id: &CategoryId| Some(self.tombstone(*id)?.alias()?.into);
        let last = aliases::resolve(id, next);
        self.tombstone(last).is_none().then_some(last)
    }

    /// Resolves the categories of a post and removes duplicates.
    #[must_use]
    pub fn resolve_all(&self, ids: &[CategoryId]) -> Vec<CategoryId> {
        let mut resolved = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(|id| self.resolve(*id)) {
            if !resolved.contains(&id) {
                resolved.push(id);
            }
        }
        resolved
    }

    /// Returns the id of the category that has this name, or of the last one that had it.
    #[must_use]
    pub fn named(&self, name: &IdOrSlug<CategoryId>) -> Option<CategoryId> {
        let present = self.find(name).map(|category| category.id);
        present.or_else(|| self.last_named(name))
    }

    /// Returns the id of the last category that had this name until its retirement or its rename.
    #[must_use]
    pub fn last_named(&self, name: &IdOrSlug<CategoryId>) -> Option<CategoryId> {
        let IdOrSlug::Slug(wanted) = name else {
            return self.find_tombstone(name).map(|tombstone| tombstone.id);
        };
        let retired = self.find_tombstone(name);
        let retired = retired.map(|tombstone| (tombstone.retired_at, tombstone.id));
        let present = self.categories.iter();
        let present = present.map(|category| (&category.former_slugs, category.id));
        let merged = self.tombstones.iter().filter_map(|tombstone| {
            let Retirement::MergedInto { former_slugs, .. } = &tombstone.retirement else {
                return None;
            };
            Some((former_slugs, tombstone.id))
        });
        let renamed = present.chain(merged).filter_map(|(former_slugs, id)| {
            let mut former = former_slugs.iter();
            let former = former.find(|former| former.slug == *wanted)?;
            Some((former.until, id))
        });
        renamed.chain(retired).max().map(|(_, id)| id)
    }

    /// Returns the tombstone of the category that had this id, or the last one that had this slug.
    #[must_use]
    pub fn find_tombstone(&self, name: &IdOrSlug<CategoryId>) -> Option<&CategoryTombstone> {
        let had_name = |tombstone: &&CategoryTombstone| match (name, &tombstone.retirement) {
            (IdOrSlug::Id(id), _) => tombstone.id == *id,
            (IdOrSlug::Slug(wanted), Retirement::MergedInto { slug, .. }) => slug == wanted,
            (IdOrSlug::Slug(_), Retirement::Deleted) => false,
        };
        let had_name = self.tombstones.iter().filter(had_name);
        had_name.max_by_key(|tombstone| (tombstone.retired_at, tombstone.id))
    }

    pub(in crate::taxonomy) fn tombstone(&self, id: CategoryId) -> Option<&CategoryTombstone> {
        self.tombstones.iter().find(|tombstone| tombstone.id == id)
    }

    /// Returns the lists that together contain the posts directly in a category, in the direction
    /// of relocation: those of its aliases, then its own.
    #[must_use]
    pub fn lists_of(&self, id: CategoryId) -> Vec<CategoryId> {
        let aliases = || {
            let tombstones = self.tombstones.iter();
            tombstones.filter_map(|tombstone| Some((tombstone.id, tombstone.alias()?)))
        };
        let sources = |target: &CategoryId| {
            let sources = aliases().filter(|(_, alias)| alias.into == *target);
            sources.map(|(id, _)| id).collect()
        };
        let holds_posts =
            |list: &CategoryId| aliases().any(|(id, alias)| id == *list && !alias.drained);
        aliases::lists(&id, sources, holds_posts)
    }

    /// Returns a category and its descendants, unordered.
    #[must_use]
    pub fn below(&self, id: CategoryId) -> Vec<CategoryId> {
        let is_below = |category: &&Category| {
            let line = self.line(category);
            line.iter().any(|ancestor| ancestor.id == id)
        };
        let categories = self.categories.iter().filter(is_below);
        categories.map(|category| category.id).collect()
    }

    /// Returns the lists that together contain the posts of a category and its descendants, ordered
    /// as in [`lists_of`](Self::lists_of). If there are more than [`MAX_LISTS`](Self::MAX_LISTS),
    /// lists that are empty according to `counts` are omitted.
    ///
    /// # Errors
    /// [`TooWide`] if more than [`MAX_LISTS`](Self::MAX_LISTS) lists are not empty.
    pub fn subtree(
        &self,
        id: CategoryId,
        counts: &HashMap<CategoryId, u64>,
    ) -> Result<Vec<CategoryId>, TooWide> {
        let below = self.below(id).into_iter();
        let mut lists: Vec<_> = below.flat_map(|id| self.lists_of(id)).collect();
        if lists.len() > Self::MAX_LISTS {
            lists.retain(|list| counts.get(list).is_some_and(|posts| *posts > 0));
        }
        if lists.len() > Self::MAX_LISTS {
            return Err(TooWide { lists: lists.len() });
        }
        Ok(lists)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{super::tests::category, *};
    use crate::{
        taxonomy::{Alias, FormerSlug},
        values::{OperationId, Timestamp},
    };

    fn id(n: u128) -> CategoryId {
        CategoryId::new(Uuid::from_u128(n))
    }

    fn merged(from: u128, into: u128, drained: bool) -> CategoryTombstone {
        CategoryTombstone {
            id: id(from),
            retired_at: Timestamp::from_millis(0),
            retirement: Retirement::MergedInto {
                slug: format!("c{from}").parse().unwrap(),
                former_slugs: Vec::new(),
                alias: Alias {
                    into: id(into),
                    drained,
                    operation: OperationId::new(Uuid::nil()),
                },
            },
        }
    }

    fn tree(tombstones: Vec<CategoryTombstone>) -> Tree {
        Tree {
            categories: vec![
                category(1, None),
                category(2, Some(1)),
                category(3, Some(2)),
                category(9, None),
            ],
            tombstones,
            ..Tree::default()
        }
    }

    #[test]
    fn merged_categories_resolve_to_the_end_of_their_chain_and_deleted_ones_to_none() {
        let deleted = CategoryTombstone {
            retirement: Retirement::Deleted,
            ..merged(7, 0, true)
        };
        let tree = tree(vec![merged(5, 6, true), merged(6, 9, false), deleted]);
        assert_eq!(tree.resolve(id(5)), Some(id(9)));
        assert_eq!(tree.resolve(id(7)), None);
        assert_eq!(tree.resolve(id(77)), Some(id(77)), "unknown");
        assert_eq!(tree.resolve_all(&[5, 1, 9, 7].map(id)), [9, 1].map(id));
    }

    #[test]
    fn lists_are_ordered_in_the_direction_of_relocation() {
        let tree = tree(vec![
            merged(4, 5, false),
            merged(5, 9, true),
            merged(6, 9, false),
        ]);
        let lists = tree.lists_of(id(9));
        assert_eq!(lists.last(), Some(&id(9)));
        assert!(
            lists.contains(&id(4)) && lists.contains(&id(6)),
            "{lists:?}"
        );
        assert!(!lists.contains(&id(5)), "it is drained");
        let tree = self::tree(vec![merged(5, 9, false), merged(4, 5, false)]);
        assert_eq!(tree.lists_of(id(9)), [4, 5, 9].map(id));
    }

    #[test]
    fn a_subtree_has_all_descendants_unless_it_is_too_wide() {
        let narrow = tree(vec![merged(4, 3, false)]);
        let lists = narrow.subtree(id(1), &HashMap::new()).unwrap();
        assert_eq!(lists, [1, 2, 4, 3].map(id));
        let mut wide = narrow;
        wide.categories
            .extend((100..120).map(|n| category(n, Some(1))));
        let counts = |posts| -> HashMap<_, _> { (100..120).map(|n| (id(n), posts)).collect() };
        assert_eq!(wide.subtree(id(1), &counts(1)).unwrap().len(), 20);
        let mut more = counts(1);
        more.insert(id(1), 3);
        assert_eq!(wide.subtree(id(1), &more), Err(TooWide { lists: 21 }));
    }

    #[test]
    fn a_slug_names_a_current_category_before_a_retired_one() {
        let tree = tree(vec![merged(5, 9, true)]);
        let slug = |text: &str| IdOrSlug::Slug(text.parse().unwrap());
        assert_eq!(tree.named(&slug("c9")), Some(id(9)));
        assert_eq!(tree.named(&slug("c5")), Some(id(5)));
        assert_eq!(tree.named(&slug("c55")), None);
    }

    #[test]
    fn a_former_slug_names_the_last_category_that_had_it() {
        let mut tree = tree(vec![merged(5, 9, true)]);
        let slug = |text: &str| IdOrSlug::Slug(text.parse().unwrap());
        let former = |text: &str, until| FormerSlug {
            slug: text.parse().unwrap(),
            until: Timestamp::from_millis(until),
        };
        tree.categories[0].former_slugs = vec![former("c5", 1), former("old", 1), former("c9", 1)];
        tree.categories[1].former_slugs = vec![former("old", 2)];
        for (name, expected) in [("old", 2), ("c5", 1), ("c9", 9)] {
            assert_eq!(tree.named(&slug(name)), Some(id(expected)), "{name}");
        }
    }
}
