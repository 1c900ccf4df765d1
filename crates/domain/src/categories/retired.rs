use serde::{Deserialize, Serialize};

use crate::values::{CategoryId, OperationId, Slug, Timestamp};

/// What is left of a category that is no more. Kept for good, so that drafts, old revisions and
/// clients that still name it are understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Which category it was.
    pub id: CategoryId,
    /// Since when it is no more.
    pub retired_at: Timestamp,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What became of a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// Another one stands for it, and its slug leads there until a category takes that slug.
    Merged {
        /// Which; it may have been merged itself since.
        into: CategoryId,
        /// The slug that it had.
        slug: Slug,
        /// True once no post lies in its list any more; until then its list is read as part of
        /// the other's.
        drained: bool,
        /// What moves its posts.
        operation: OperationId,
    },
    /// Nothing stands for it.
    Deleted,
}

impl Retired {
    /// The category that was put in its place, if any.
    #[must_use]
    pub fn successor(&self) -> Option<CategoryId> {
        match self.fate {
            Fate::Merged { into, .. } => Some(into),
            Fate::Deleted => None,
        }
    }

    /// The same with another operation that moves its posts.
    pub(super) fn moved_by(&self, operation: OperationId) -> Self {
        let mut other = self.clone();
        if let Fate::Merged {
            operation: known, ..
        } = &mut other.fate
        {
            *known = operation;
        }
        other
    }

    /// True while posts may lie in its list.
    pub(super) fn holds_posts(&self) -> bool {
        matches!(self.fate, Fate::Merged { drained: false, .. })
    }
}
