use serde::{Deserialize, Serialize};

use crate::{
    posts::Set,
    values::{CategoryId, CategoryName, Slug, Timestamp, Version},
};

/// A subject under which posts are filed. Categories form a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Which category.
    pub id: CategoryId,
    /// Its name.
    pub name: CategoryName,
    /// The readable part of its address, unique in the whole tree.
    pub slug: Slug,
    /// The category that it belongs to; absent at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Counts accepted writes.
    pub version: Version,
}

/// A category that does not exist yet.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// Its name.
    pub name: CategoryName,
    /// Its slug; made from the name when absent.
    pub slug: Option<Slug>,
    /// The category that it shall belong to.
    pub parent_id: Option<CategoryId>,
}

/// A change to a category.
#[derive(Debug, Clone, Default)]
pub struct CategoryPatch {
    /// Another name.
    pub name: Set<CategoryName>,
    /// Another slug.
    pub slug: Set<Slug>,
    /// Another parent; the top when `None` inside.
    pub parent_id: Set<Option<CategoryId>>,
}
