use serde::{Deserialize, Serialize};

use crate::{
    posts::Set,
    values::{CategoryId, CategoryName, Slug, Timestamp, Version},
};

/// A category. Categories form a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Id of the category.
    pub id: CategoryId,
    /// Displayed name.
    pub name: CategoryName,
    /// URL segment, unique in the whole tree.
    pub slug: Slug,
    /// Slugs before its renames, the last one first, which lead to the category until another one takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_slugs: Vec<FormerSlug>,
    /// Parent category, `None` at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last write.
    pub updated_at: Timestamp,
    /// Number of accepted writes.
    pub version: Version,
}

/// A slug that a category had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerSlug {
    /// The slug.
    pub slug: Slug,
    /// Time of the rename.
    pub until: Timestamp,
}

/// Maximum number of former slugs of a category. A further one replaces the oldest.
const MAX_FORMER_SLUGS: usize = 10;

/// A category to create.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// Displayed name.
    pub name: CategoryName,
    /// URL segment; derived from the name if absent.
    pub slug: Option<Slug>,
    /// Parent category, `None` at the root.
    pub parent_id: Option<CategoryId>,
}

/// Changes to a category.
#[derive(Debug, Clone, Default)]
pub struct CategoryPatch {
    /// New name.
    pub name: Set<CategoryName>,
    /// New slug.
    pub slug: Set<Slug>,
    /// New parent; `Some(None)` moves the category to the root.
    pub parent_id: Set<Option<CategoryId>>,
}

impl CategoryPatch {
    pub(super) fn apply(self, before: Category, now: Timestamp) -> Category {
        let slug = self.slug.unwrap_or_else(|| before.slug.clone());
        Category {
            name: self.name.unwrap_or(before.name),
            former_slugs: former_slugs(before.former_slugs, before.slug, &slug, now),
            slug,
            parent_id: self.parent_id.unwrap_or(before.parent_id),
            updated_at: now,
            version: before.version.next(),
            ..before
        }
    }
}

fn former_slugs(
    mut former: Vec<FormerSlug>,
    before: Slug,
    after: &Slug,
    now: Timestamp,
) -> Vec<FormerSlug> {
    if before != *after {
        former.retain(|former| former.slug != before && former.slug != *after);
        let until = now;
        former.insert(
            0,
            FormerSlug {
                slug: before,
                until,
            },
        );
        former.truncate(MAX_FORMER_SLUGS);
    }
    former
}
