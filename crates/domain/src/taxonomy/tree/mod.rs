//! The category tree with all tombstones, and the constraints on its shape.

mod bylines;
mod lists;

pub use lists::TooWide;

use super::{BylineTombstone, Category, CategoryTombstone, TagAliases};
use crate::{
    error::{FieldErrors, Result},
    values::{CategoryId, Code, IdOrSlug},
};

/// All categories and all tombstones, from one read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Version of the tree. A write requires the version that it is based on.
    pub version: TreeVersion,
    /// The categories, unordered.
    pub categories: Vec<Category>,
    /// The tombstones of categories, unordered.
    pub tombstones: Vec<CategoryTombstone>,
    /// The tombstones of tags.
    pub tags: TagAliases,
    /// The tombstones of bylines, unordered.
    pub bylines: Vec<BylineTombstone>,
}

/// Version of the tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TreeVersion {
    /// Number of all changes so far.
    pub changes: u64,
    /// Number of all retirements of categories, tags and bylines so far.
    pub retired_count: u64,
}

impl Tree {
    /// Maximum number of levels, including the root.
    pub const MAX_DEPTH: usize = 4;
    /// Maximum number of categories. The tree is read with one request.
    pub const MAX_SIZE: usize = 1000;

    /// Whether there are no tombstones.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.tombstones.is_empty() && self.tags.is_empty() && self.bylines.is_empty()
    }

    /// Returns the category with this id or slug.
    #[must_use]
    pub fn find(&self, name: &IdOrSlug<CategoryId>) -> Option<&Category> {
        self.categories.iter().find(|category| match name {
            IdOrSlug::Id(id) => category.id == *id,
            IdOrSlug::Slug(slug) => category.slug == *slug,
        })
    }

    pub(super) fn get(&self, id: CategoryId) -> Option<&Category> {
        self.find(&IdOrSlug::Id(id))
    }

    /// Returns the categories from the root to this one, inclusive.
    #[must_use]
    pub fn line<'a>(&'a self, category: &'a Category) -> Vec<&'a Category> {
        let parent = |child: &&'a Category| child.parent_id.and_then(|id| self.get(id));
        // Valid data has no cycles; the limit ends the walk in damaged data.
        let ancestors = std::iter::successors(Some(category), parent).take(Self::MAX_DEPTH);
        let mut line: Vec<_> = ancestors.collect();
        line.reverse();
        line
    }

    fn slugs<'a>(&'a self, category: &'a Category) -> Vec<&'a str> {
        let line = self.line(category).into_iter();
        line.map(|category| category.slug.as_str()).collect()
    }

    /// Returns the path of slugs from the root to this category: `serverless/aws`.
    #[must_use]
    pub fn path(&self, category: &Category) -> String {
        self.slugs(category).join("/")
    }

    /// The number of levels below a category.
    fn height(&self, id: CategoryId) -> usize {
        let children = self
            .categories
            .iter()
            .filter(|category| category.parent_id == Some(id));
        children
            .map(|child| 1 + self.height(child.id))
            .max()
            .unwrap_or(0)
    }

    /// Returns the categories in path order: parents before their children.
    #[must_use]
    pub fn ordered(&self) -> Vec<&Category> {
        let mut ordered: Vec<_> = self.categories.iter().collect();
        ordered.sort_by_cached_key(|category| self.slugs(category));
        ordered
    }

    /// Adds or replaces a category.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) if the parent does not exist or is a descendant, or if
    /// the tree would exceed its depth or size.
    pub(super) fn with(mut self, category: Category) -> Result<Self> {
        let invalid =
            |code, detail: String| Err(FieldErrors::one("/parent_id", code, detail).into());
        if let Some(parent) = category.parent_id {
            let Some(parent) = self.get(parent) else {
                return invalid(Code::UnknownReference, "does not exist".to_owned());
            };
            let line = self.line(parent);
            if line.iter().any(|ancestor| ancestor.id == category.id) {
                let detail = "must not be this category or a descendant";
                return invalid(Code::OutOfRange, detail.to_owned());
            }
            if line.len() + 1 + self.height(category.id) > Self::MAX_DEPTH {
                let detail = format!("makes the tree deeper than {} levels", Self::MAX_DEPTH);
                return invalid(Code::OutOfRange, detail);
            }
        }
        self.categories.retain(|other| other.id != category.id);
        self.categories.push(category);
        if self.categories.len() > Self::MAX_SIZE {
            let detail = format!("supports at most {} categories", Self::MAX_SIZE);
            return Err(FieldErrors::one("", Code::TooLong, detail).into());
        }
        Ok(self)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::values::{Timestamp, Version};

    pub(in crate::taxonomy) fn category(n: u128, parent: Option<u128>) -> Category {
        let id = |n| CategoryId::new(Uuid::from_u128(n));
        Category {
            id: id(n),
            former_slugs: Vec::new(),
            name: format!("Category {n}").parse().unwrap(),
            slug: format!("c{n}").parse().unwrap(),
            parent_id: parent.map(id),
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            version: Version::FIRST,
        }
    }

    fn chain() -> Tree {
        let categories = vec![
            category(1, None),
            category(2, Some(1)),
            category(3, Some(2)),
            category(4, Some(3)),
        ];
        Tree {
            categories,
            ..Tree::default()
        }
    }

    #[test]
    fn paths_start_at_the_root_and_parents_precede_their_children() {
        let tree = chain().with(category(9, Some(1))).unwrap();
        let paths: Vec<_> = tree
            .ordered()
            .into_iter()
            .map(|category| tree.path(category))
            .collect();
        assert_eq!(paths, ["c1", "c1/c2", "c1/c2/c3", "c1/c2/c3/c4", "c1/c9"]);
    }

    #[test]
    fn changes_that_break_the_tree_are_rejected() {
        assert!(chain().with(category(5, Some(4))).is_err(), "a fifth level");
        assert!(chain().with(category(1, Some(4))).is_err(), "a cycle");
        assert!(
            chain().with(category(1, Some(1))).is_err(),
            "its own parent"
        );
        assert!(
            chain().with(category(5, Some(77))).is_err(),
            "an unknown parent"
        );
        let mut deeper = chain();
        deeper.categories.push(category(5, None));
        assert!(
            deeper.with(category(1, Some(5))).is_err(),
            "a subtree moved too deep"
        );
        assert!(chain().with(category(4, None)).is_ok());
    }
}
