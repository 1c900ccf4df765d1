//! All categories at one moment, and what the shape of the tree forbids.

use super::{Category, Retired};
use crate::{
    error::{FieldErrors, Result},
    tags::Aliases,
    values::{CategoryId, Code, IdOrSlug},
};

/// All categories at one moment, and what is left of everything that went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Counts changes of the whole tree; a change is based on the count that it saw.
    pub version: u64,
    /// The categories, in no order.
    pub categories: Vec<Category>,
    /// What is left of categories that are no more, in no order.
    pub retired: Vec<Retired>,
    /// What is left of tags that are no more.
    pub tags: Aliases,
    /// Counts everything that ever went, categories and tags.
    pub went: u64,
}

/// Which state of the tree a change is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Counts changes of the tree.
    pub version: u64,
    /// Counts everything that ever went, categories and tags.
    pub went: u64,
}

impl Tree {
    /// Which state this is.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen {
            version: self.version,
            went: self.went,
        }
    }

    /// True when every name stands for itself.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.retired.is_empty() && self.tags.is_empty()
    }

    /// Most levels, the top included.
    pub const MAX_DEPTH: usize = 4;
    /// Most categories: the whole tree is read in one request.
    pub const MAX_SIZE: usize = 1000;
    /// Most categories that are no more; what is left of them is read with the tree.
    pub const MAX_RETIRED: usize = 1000;

    /// The category of that id or slug.
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

    /// The categories from the top down to this one, itself included.
    #[must_use]
    pub fn line<'a>(&'a self, category: &'a Category) -> Vec<&'a Category> {
        let parent = |child: &&'a Category| child.parent_id.and_then(|id| self.get(id));
        // What the table holds has no cycle; a bound keeps a damaged one from hanging a request.
        let up = std::iter::successors(Some(category), parent).take(Self::MAX_DEPTH);
        let mut line: Vec<_> = up.collect();
        line.reverse();
        line
    }

    /// The slugs from the top down to this category: `serverless/aws`.
    #[must_use]
    pub fn path(&self, category: &Category) -> String {
        let slugs: Vec<_> = self
            .line(category)
            .into_iter()
            .map(|step| step.slug.as_str())
            .collect();
        slugs.join("/")
    }

    /// How many levels hang below a category.
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

    /// The categories in the order of their paths, so that children follow their parents.
    #[must_use]
    pub fn ordered(&self) -> Vec<&Category> {
        let mut ordered: Vec<_> = self.categories.iter().collect();
        ordered.sort_by_cached_key(|category| {
            self.line(category)
                .into_iter()
                .map(|step| step.slug.clone())
                .collect::<Vec<_>>()
        });
        ordered
    }

    /// The tree with a category added or replaced.
    ///
    /// # Errors
    /// [`Invalid`](crate::Error::Invalid) when the parent does not exist, lies below the category,
    /// or the tree would grow too deep or too large.
    pub(super) fn with(mut self, category: Category) -> Result<Self> {
        let refuse =
            |code, detail: String| Err(FieldErrors::one("/parent_id", code, detail).into());
        if let Some(parent) = category.parent_id {
            let Some(parent) = self.get(parent) else {
                return refuse(Code::UnknownReference, "does not exist".to_owned());
            };
            let line = self.line(parent);
            if line.iter().any(|step| step.id == category.id) {
                return refuse(Code::OutOfRange, "lies below this category".to_owned());
            }
            if line.len() + 1 + self.height(category.id) > Self::MAX_DEPTH {
                return refuse(
                    Code::OutOfRange,
                    format!("makes the tree deeper than {} levels", Self::MAX_DEPTH),
                );
            }
        }
        self.categories.retain(|other| other.id != category.id);
        self.categories.push(category);
        if self.categories.len() > Self::MAX_SIZE {
            let detail = format!("would be one of more than {} categories", Self::MAX_SIZE);
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

    pub(in crate::categories) fn category(n: u128, parent: Option<u128>) -> Category {
        let id = |n| CategoryId::new(Uuid::from_u128(n));
        Category {
            id: id(n),
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
            version: 4,
            categories,
            ..Tree::default()
        }
    }

    #[test]
    fn paths_lead_from_the_top_and_children_follow_their_parents() {
        let tree = chain().with(category(9, Some(1))).unwrap();
        let paths: Vec<_> = tree
            .ordered()
            .into_iter()
            .map(|category| tree.path(category))
            .collect();
        assert_eq!(paths, ["c1", "c1/c2", "c1/c2/c3", "c1/c2/c3/c4", "c1/c9"]);
    }

    #[test]
    fn the_tree_stays_a_tree_of_four_levels() {
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
