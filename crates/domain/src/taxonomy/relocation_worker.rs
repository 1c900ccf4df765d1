//! Worker of relocation operations: relocates the posts of a retired category, tag or byline in batches, with
//! [`RelocationStore`](crate::posts::RelocationStore).

use std::sync::Arc;

use async_trait::async_trait;

use super::TaxonomyStore;
use crate::{
    audit_action::AuditAction,
    clock::{Clock, Ids},
    error::{Error, Resource, Result},
    freshness::Freshness,
    lease::Lease,
    operations::{ItemFailure, Operation, OperationProgress, OperationWorker, Task},
    posts::{ListKey, ListedPost, Relocation, RelocationStore},
    writes::WriteContext,
};

/// Number of posts per step.
const BATCH_SIZE: usize = 25;

/// Relocates the posts of merged categories, tags and bylines.
#[derive(Clone)]
pub struct RelocationWorker {
    taxonomy: Arc<dyn TaxonomyStore>,
    posts: Arc<dyn RelocationStore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl RelocationWorker {
    /// Creates a worker on these stores.
    #[must_use]
    pub fn new(
        taxonomy: Arc<dyn TaxonomyStore>,
        posts: Arc<dyn RelocationStore>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            taxonomy,
            posts,
            clock,
            ids,
        }
    }
}

#[async_trait]
impl OperationWorker for RelocationWorker {
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<OperationProgress> {
        let (source, below) = (source_list(&operation.task)?, operation.position.as_deref());
        let posts = self.posts.list_entries(&source, below, BATCH_SIZE).await?;
        let Some(last) = posts.last() else {
            return self.end_pass(operation, &source).await;
        };
        let Some(relocation) = self.relocation(source).await? else {
            return Ok(OperationProgress::Completed {
                failures: Vec::new(),
            });
        };
        let position = Some(last.position.clone());
        let mut failures = Vec::new();
        for ListedPost { id, .. } in posts {
            let context = WriteContext {
                step: Some(*lease),
                ..self.context(operation, AuditAction::RelocatePost)
            };
            match self.posts.relocate(&context, id, &relocation).await {
                Ok(()) => {}
                Err(
                    transient @ (Error::LeaseLost | Error::Unavailable(_) | Error::StorageFull(_)),
                ) => {
                    return Err(transient);
                }
                Err(error) => failures.push(ItemFailure {
                    item: id.uuid(),
                    detail: error.to_string(),
                }),
            }
        }
        Ok(OperationProgress::Continue { position, failures })
    }
}

impl RelocationWorker {
    /// The relocation to the current replacement, which may have been retired since the operation
    /// started. `None` if the source is a tag that is in use again; its list was drained before.
    async fn relocation(&self, source: ListKey) -> Result<Option<Relocation>> {
        let tree = self.taxonomy.tree(Freshness::Now).await?;
        match source {
            ListKey::Category(from) => {
                let into = tree.resolve(from);
                let into = into.ok_or(Error::NotFound(Resource::Category))?;
                Ok(Some(Relocation::Category { from, into }))
            }
            ListKey::Tag(from) => {
                let tombstone = tree.tags.get(&from.folded());
                let into = tombstone.map(|_| tree.tags.resolve(&from));
                Ok(into.map(|into| Relocation::Tag { from, into }))
            }
            ListKey::Byline(from) => {
                let into = tree.resolve_byline(from);
                let into = into.ok_or(Error::NotFound(Resource::Byline))?;
                Ok(Some(Relocation::Byline { from, into }))
            }
        }
    }

    /// Ends a pass over the list. Writers with an old tree may have added posts behind the
    /// position; another pass relocates them. Posts that failed before are not tried again.
    async fn end_pass(&self, operation: &Operation, source: &ListKey) -> Result<OperationProgress> {
        let limit = Operation::MAX_FAILURES + 1;
        let remaining = self.posts.list_entries(source, None, limit).await?;
        if remaining.is_empty() {
            let action = match source {
                ListKey::Category(_) => AuditAction::DrainCategory,
                ListKey::Tag(_) => AuditAction::DrainTag,
                ListKey::Byline(_) => AuditAction::DrainByline,
            };
            let context = self.context(operation, action);
            self.taxonomy.mark_drained(&context, source).await?;
        }
        let mut failures = operation.failures.clone();
        failures.retain(|failure| remaining.iter().any(|post| post.id.uuid() == failure.item));
        let has_failed = |post: &ListedPost| {
            let mut items = failures.iter().map(|failure| failure.item);
            items.any(|item| item == post.id.uuid())
        };
        if remaining.iter().all(has_failed) {
            return Ok(OperationProgress::Completed { failures });
        }
        Ok(OperationProgress::Continue {
            position: None,
            failures: Vec::new(),
        })
    }

    fn context(&self, operation: &Operation, action: AuditAction) -> WriteContext {
        operation.context(action, self.ids.as_ref(), self.clock.now())
    }
}

/// The list to be emptied.
///
/// # Errors
/// [`Error::Corrupt`] for a task of another worker.
fn source_list(task: &Task) -> Result<ListKey> {
    match task {
        Task::MergeCategories { from, .. } => Ok(ListKey::Category(*from)),
        Task::MergeTags { from, .. } => Ok(ListKey::Tag(from.clone())),
        Task::MergeBylines { from, .. } => Ok(ListKey::Byline(*from)),
        Task::ReassignPosts { .. } | Task::SweepImages { .. } => Err(Error::Corrupt {
            what: "task of a relocation".to_owned(),
            source: "it relocates no posts".into(),
        }),
    }
}
