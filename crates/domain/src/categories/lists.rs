//! Which lists hold the posts of a category: its own, those of what was merged into it and is not
//! empty yet, and those of everything below it.

use std::collections::HashMap;

use super::{Retired, Tree};
use crate::{
    succession,
    values::{CategoryId, IdOrSlug},
};

/// A category has too many lists below it to be read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooWide {
    /// How many lists with posts there are.
    pub lists: usize,
}

impl Tree {
    /// Most lists that are read as one.
    pub const MAX_LISTS: usize = 20;

    /// What the id of a category stands for now: itself, also when the tree does not know it; what
    /// it was merged into; or nothing, when it was deleted.
    #[must_use]
    pub fn resolve(&self, id: CategoryId) -> Option<CategoryId> {
        let next = |id: &CategoryId| self.retired(*id).and_then(Retired::successor);
        let last = succession::end(id, next);
        self.retired(last).is_none().then_some(last)
    }

    /// What the ids of a post stand for now, in their order, each once.
    #[must_use]
    pub fn resolve_all(&self, ids: &[CategoryId]) -> Vec<CategoryId> {
        let mut present = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(|id| self.resolve(*id)) {
            if !present.contains(&id) {
                present.push(id);
            }
        }
        present
    }

    /// The id that a name had or has, whether or not something else stands for it now. What is
    /// there goes before what was there.
    #[must_use]
    pub fn named(&self, name: &IdOrSlug<CategoryId>) -> Option<CategoryId> {
        let present = self.find(name).map(|category| category.id);
        present.or_else(|| self.find_retired(name).map(|retired| retired.id))
    }

    /// What is left of the category of that id or slug.
    #[must_use]
    pub fn find_retired(&self, name: &IdOrSlug<CategoryId>) -> Option<&Retired> {
        let mut of_name = self
            .retired
            .iter()
            .filter(|retired| match (name, &retired.fate) {
                (IdOrSlug::Id(id), _) => retired.id == *id,
                (IdOrSlug::Slug(wanted), super::Fate::Merged { slug, .. }) => slug == wanted,
                (IdOrSlug::Slug(_), super::Fate::Deleted) => false,
            });
        // A slug can have been taken and left again; the last to leave it is meant.
        let first = of_name.next()?;
        Some(of_name.fold(first, |latest, other| {
            if other.retired_at > latest.retired_at {
                other
            } else {
                latest
            }
        }))
    }

    pub(super) fn retired(&self, id: CategoryId) -> Option<&Retired> {
        self.retired.iter().find(|retired| retired.id == id)
    }

    /// The lists that together hold what is filed directly under a category, its own last, in the
    /// order in which posts move between them.
    #[must_use]
    pub fn lists_of(&self, id: CategoryId) -> Vec<CategoryId> {
        let sources = |target: &CategoryId| {
            let sources = self.retired.iter();
            let sources = sources.filter(|retired| retired.successor() == Some(*target));
            sources.map(|retired| retired.id).collect()
        };
        let holds_posts = |id: &CategoryId| self.retired(*id).is_some_and(Retired::holds_posts);
        succession::lists(&id, sources, holds_posts)
    }

    /// A category and everything below it, in no order.
    #[must_use]
    pub fn below(&self, id: CategoryId) -> Vec<CategoryId> {
        let below = |category: &&super::Category| {
            let line = self.line(category);
            line.iter().any(|step| step.id == id)
        };
        let categories = self.categories.iter().filter(below);
        categories.map(|category| category.id).collect()
    }

    /// The lists that together hold what is filed under a category and everything below it, in an
    /// order to read them as in [`lists_of`](Self::lists_of). Where there are more than
    /// [`MAX_LISTS`](Self::MAX_LISTS), those that `counts` says to be empty are left out.
    ///
    /// # Errors
    /// [`TooWide`] when more than that many lists are not empty.
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

    use super::{
        super::{Fate, tree::tests::category},
        *,
    };
    use crate::values::{OperationId, Timestamp};

    fn id(n: u128) -> CategoryId {
        CategoryId::new(Uuid::from_u128(n))
    }

    fn merged(from: u128, into: u128, drained: bool) -> Retired {
        Retired {
            id: id(from),
            retired_at: Timestamp::from_millis(0),
            fate: Fate::Merged {
                into: id(into),
                slug: format!("c{from}").parse().unwrap(),
                drained,
                operation: OperationId::new(Uuid::nil()),
            },
        }
    }

    fn tree(retired: Vec<Retired>) -> Tree {
        Tree {
            categories: vec![
                category(1, None),
                category(2, Some(1)),
                category(3, Some(2)),
                category(9, None),
            ],
            retired,
            ..Tree::default()
        }
    }

    #[test]
    fn a_chain_of_merges_leads_to_its_end_and_a_deletion_to_nothing() {
        let deleted = Retired {
            fate: Fate::Deleted,
            ..merged(7, 0, true)
        };
        let tree = tree(vec![merged(5, 6, true), merged(6, 9, false), deleted]);
        assert_eq!(tree.resolve(id(5)), Some(id(9)));
        assert_eq!(tree.resolve(id(7)), None);
        assert_eq!(tree.resolve(id(77)), Some(id(77)), "not known yet");
        assert_eq!(tree.resolve_all(&[5, 1, 9, 7].map(id)), [9, 1].map(id));
    }

    #[test]
    fn lists_are_read_from_where_posts_leave_to_where_they_come() {
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
        assert!(!lists.contains(&id(5)), "it is empty");
        let tree = self::tree(vec![merged(5, 9, false), merged(4, 5, false)]);
        assert_eq!(tree.lists_of(id(9)), [4, 5, 9].map(id));
    }

    #[test]
    fn a_subtree_is_everything_below_unless_it_is_too_wide() {
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
    fn a_slug_means_what_is_there_before_what_was_there() {
        let tree = tree(vec![merged(5, 9, true)]);
        let slug = |text: &str| IdOrSlug::Slug(text.parse().unwrap());
        assert_eq!(tree.named(&slug("c9")), Some(id(9)));
        assert_eq!(tree.named(&slug("c5")), Some(id(5)));
        assert_eq!(tree.named(&slug("c55")), None);
    }
}
