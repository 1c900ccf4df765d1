//! Retirement of categories, tags and bylines: a tombstone replaces the retired item, and an operation
//! relocates its posts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    FormerSlug, TaxonomyStore, Tree,
    aliases::{Alias, GRACE_PERIOD},
};
use crate::{
    access::Caller,
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, FieldErrors, Resource, Result},
    operations::{Operation, Operations, Task},
    values::{BylineId, CategoryId, Code, OperationId, Slug, Tag, Timestamp, Version},
    writes::WriteOutcome,
};

/// Maximum number of retired categories, of retired tags, and of retired bylines. Tombstones are read with the tree.
pub const MAX_RETIRED: usize = 1000;

/// Record of a retired category, tag or byline, for references from drafts, old revisions and clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tombstone {
    /// Tombstone of a category.
    Category(CategoryTombstone),
    /// Tombstone of a tag.
    Tag(TagTombstone),
    /// Tombstone of a byline.
    Byline(BylineTombstone),
}

/// Tombstone of a category, kept permanently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryTombstone {
    /// Identifier of the category.
    pub id: CategoryId,
    /// Time of the retirement.
    pub retired_at: Timestamp,
    /// Kind of the retirement.
    #[serde(flatten)]
    pub retirement: Retirement,
}

/// Kind of the retirement of a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate")]
pub enum Retirement {
    /// Merged into another category.
    #[serde(rename = "merged")]
    MergedInto {
        /// Its slug, which leads to the replacement until another category takes the slug.
        slug: Slug,
        /// Its former slugs, which lead there too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        former_slugs: Vec<FormerSlug>,
        /// The replacement.
        #[serde(flatten)]
        alias: Alias<CategoryId>,
    },
    /// Deleted without a replacement.
    #[serde(rename = "deleted")]
    Deleted,
}

/// Tombstone of a renamed or merged tag, kept until a tag is renamed to this name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagTombstone {
    /// The tag, in the letter case of the request.
    pub tag: Tag,
    /// Time of the retirement.
    pub retired_at: Timestamp,
    /// The replacement, in the spelling that posts get.
    #[serde(flatten)]
    pub alias: Alias<Tag>,
}

/// Tombstone of a byline, kept permanently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BylineTombstone {
    /// Identifier of the byline.
    pub id: BylineId,
    /// Time of the retirement.
    pub retired_at: Timestamp,
    /// The replacement; absent if the byline was deleted without one.
    #[serde(flatten)]
    pub alias: Option<Alias<BylineId>>,
}

/// A tombstone to store, and the state that the transaction must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetirementWrite {
    /// The tombstone.
    pub tombstone: Tombstone,
    /// Required besides an unchanged tree.
    pub precondition: RetirementPrecondition,
}

/// The state that a retirement requires besides an unchanged tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetirementPrecondition {
    /// No further condition.
    None,
    /// The category has no published posts. Its slug becomes free.
    NoPosts {
        /// The slug.
        slug: Slug,
    },
    /// The byline has this version. Without a replacement it must have no published posts, and its slug becomes
    /// free.
    Byline {
        /// The version.
        version: Version,
        /// The slug.
        slug: Slug,
    },
    /// The post counters of both tags are unchanged.
    TagCounters {
        /// Whether the counter of the retired tag was positive.
        source_has_posts: bool,
        /// Whether the counter of the replacement was positive.
        target_has_posts: bool,
        /// Whether the replacement has a drained tombstone, which is removed.
        target_is_retired: bool,
    },
}

/// Starts and resumes merges of all kinds.
#[derive(Clone)]
pub(crate) struct Merger {
    pub(crate) store: Arc<dyn TaxonomyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) operations: Operations,
}

impl Merger {
    /// Stores the retirement together with the operation that relocates `post_count` posts.
    /// Returns `None` on a conflict.
    pub(crate) async fn merge(
        &self,
        caller: &Caller,
        action: AuditAction,
        (tree, post_count): (&Tree, u64),
        task: Task,
        retirement: impl FnOnce(&Operation) -> RetirementWrite,
    ) -> Result<Option<Operation>> {
        let now = self.clock.now();
        let begins_at = now.after(GRACE_PERIOD);
        let operation = self.operations.plan(caller, task, post_count, begins_at);
        let context = caller.context(action, self.ids.as_ref(), now);
        let retirement = retirement(&operation);
        let stored = self
            .store
            .retire(&context, tree.version, &retirement, Some(&operation));
        Ok(self.started(stored.await?, operation))
    }

    /// Returns the operation of an earlier merge if it is active or has succeeded. Otherwise starts
    /// a new operation that continues the merge. Returns `None` on a conflict.
    pub(crate) async fn resume(
        &self,
        caller: &Caller,
        tombstone: Tombstone,
        task: Task,
        post_count: impl Future<Output = Result<u64>>,
    ) -> Result<Option<Operation>> {
        let Some((operation, drained)) = tombstone.relocation() else {
            return Err(tombstone.absence());
        };
        match self.operations.find(operation).await? {
            Some(known) if known.is_active_or_succeeded() => return Ok(Some(known)),
            None if drained => return Err(tombstone.absence()),
            // The operation may have stopped after the last post. A new one then succeeds at once.
            _ => {}
        }
        let begins_at = tombstone.retired_at().after(GRACE_PERIOD);
        let total = post_count.await?;
        let operation = self.operations.plan(caller, task, total, begins_at);
        let action = match tombstone {
            Tombstone::Category(_) => AuditAction::MergeCategory,
            Tombstone::Tag(_) => AuditAction::MergeTag,
            Tombstone::Byline(_) => AuditAction::MergeByline,
        };
        let context = caller.context(action, self.ids.as_ref(), self.clock.now());
        let stored = self.store.resume(&context, &tombstone, &operation);
        Ok(self.started(stored.await?, operation))
    }

    fn started(&self, outcome: WriteOutcome, operation: Operation) -> Option<Operation> {
        match outcome {
            WriteOutcome::Applied => {
                self.operations.notify();
                Some(operation)
            }
            WriteOutcome::Conflict => None,
        }
    }
}

/// Fails if there is no room for another tombstone of this kind.
pub(crate) fn check_room(retired: usize, plural: &str) -> Result<()> {
    if retired < MAX_RETIRED {
        return Ok(());
    }
    let detail = format!("supports at most {MAX_RETIRED} retired {plural}");
    Err(FieldErrors::one("", Code::TooLong, detail).into())
}

impl Tombstone {
    /// Returns the operation that relocates the posts, and whether the list is drained. `None` for
    /// a deleted category or byline.
    #[must_use]
    pub fn relocation(&self) -> Option<(OperationId, bool)> {
        match self {
            Self::Category(tombstone) => {
                let alias = tombstone.alias()?;
                Some((alias.operation, alias.drained))
            }
            Self::Tag(tombstone) => Some((tombstone.alias.operation, tombstone.alias.drained)),
            Self::Byline(tombstone) => {
                let alias = tombstone.alias.as_ref()?;
                Some((alias.operation, alias.drained))
            }
        }
    }

    /// Returns the tombstone with another operation that relocates the posts.
    #[must_use]
    pub fn with_operation(mut self, id: OperationId) -> Self {
        match &mut self {
            Self::Category(CategoryTombstone {
                retirement: Retirement::MergedInto { alias, .. },
                ..
            }) => alias.operation = id,
            Self::Category(_) => {}
            Self::Tag(tombstone) => tombstone.alias.operation = id,
            Self::Byline(tombstone) => {
                if let Some(alias) = &mut tombstone.alias {
                    alias.operation = id;
                }
            }
        }
        self
    }

    fn retired_at(&self) -> Timestamp {
        match self {
            Self::Category(tombstone) => tombstone.retired_at,
            Self::Tag(tombstone) => tombstone.retired_at,
            Self::Byline(tombstone) => tombstone.retired_at,
        }
    }

    /// The error of a request that names the retired item. A tag without posts does not exist.
    fn absence(&self) -> Error {
        match self {
            Self::Category(_) => Error::Gone(Resource::Category),
            Self::Tag(_) => Error::NotFound(Resource::Tag),
            Self::Byline(_) => Error::Gone(Resource::Byline),
        }
    }
}

impl CategoryTombstone {
    /// Returns the reference to the replacement, `None` if the category was deleted.
    #[must_use]
    pub fn alias(&self) -> Option<&Alias<CategoryId>> {
        match &self.retirement {
            Retirement::MergedInto { alias, .. } => Some(alias),
            Retirement::Deleted => None,
        }
    }
}
